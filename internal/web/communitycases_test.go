package web_test

import (
	"fmt"
	"slices"
)

var (
	aCategory  = map[string]string{"name": `"<new>"`}
	aUser      = map[string]string{"username": `"<new>"`, "email": `"<new>@example.com"`, "password": `"12345678"`}
	aPost      = map[string]string{"title": `"Title"`, "content": `"Content"`}
	badUser    = []string{"username", `"a b"`, "email", `"a"`, "password", `"short"`}
	wrongUser  = about("input.", "username MALFORMED", "email MALFORMED", "password TOO_SHORT 8")
	takenUser  = []string{"username", `"TAKEN"`, "email", `"Taken@example.com"`}
	conflicted = []string{"CONFLICT input.email TAKEN", "CONFLICT input.username TAKEN"}
)

func categoryMutations() []mutationCases {
	one := writer{path: "input.", selects: "{ %s }", answers: `{"%s":%s}`}
	create := func(others ...string) string {
		return "createCategory(input: " + object(aCategory, others...) + ") "
	}
	update := func(others ...string) string {
		return `updateCategory(id: "<category>", input: ` + object(nil, others...) + ") "
	}
	creates, updates := one, one
	creates.text = func(field, literal string) string { return create(field, literal) }
	updates.text = func(field, literal string) string { return update(field, literal) }
	bad := []string{"name", `" "`, "description", `"\u0000"`}
	return []mutationCases{
		{"createCategory", adminOnly, slices.Concat(categoryRules.cases(creates), []mutationCase{
			accepted("the least", create()+"{ name description version products { totalCount } posts { totalCount } }",
				`{"name":"<new>","description":"","version":1,"products":{"totalCount":0},"posts":{"totalCount":0}}`),
			refused("all at once", create(bad...)+"{ id }", about("input.", "name BLANK", "description MALFORMED")...),
			refused("the input before conflicts", create("name", `"Taken Strasse Café"`, "description", `"\u0000"`)+"{ id }", "BAD_USER_INPUT input.description MALFORMED"),
		})},
		{"updateCategory", adminOnly, slices.Concat(categoryRules.cases(updates), nulls(updates, "name", "description"),
			malformedIDs("updateCategory(id: %s, input: {}) { id }", "<bob>"), []mutationCase{
				accepted("nothing", update()+"{ description version }", `{"description":"New","version":1}`),
				accepted("its own name, folded", `updateCategory(id: "<category>", input: {name: "<new>"}) { name }`, `{"name":"<new>"}`),
				accepted("what is not there", `updateCategory(id: "<no category>", input: {name: "Taken Strasse Café"}) { id }`, "null"),
				refused("another version", `updateCategory(id: "<category>", input: {name: "<new>"}, ifVersion: 5) { id }`, "CONFLICT ifVersion STALE @1"),
				refused("all at once", update(bad...)+"{ id }", about("input.", "name BLANK", "description MALFORMED")...),
			})},
		{"deleteCategory", adminOnly, append(malformedIDs("deleteCategory(id: %s)", "<bob>"),
			accepted("one", `deleteCategory(id: "<category>", ifVersion: 1)`, "true"),
			accepted("what is not there", `deleteCategory(id: "<no category>")`, "false"),
			refused("one in use", `deleteCategory(id: "<shelf>")`, "CONFLICT id IN_USE"),
			refused("another version", `deleteCategory(id: "<category>", ifVersion: 2)`, "CONFLICT ifVersion STALE @1"),
		)},
	}
}

func userMutations() []mutationCases {
	create := func(others ...string) string { return "createUser(input: " + object(aUser, others...) + ") " }
	update := func(others ...string) string {
		return `updateUser(id: "<member>", input: ` + object(nil, others...) + ") "
	}
	creates := writer{func(field, literal string) string { return create(field, literal) }, "input.", "{ %s }", `{"%s":%s}`}
	updates := writer{func(field, literal string) string { return update(field, literal) }, "input.", "{ %s }", `{"%s":%s}`}
	return []mutationCases{
		{"createUser", adminOnly, slices.Concat(userRules.cases(creates), []mutationCase{
			accepted("the least", create()+"{ username email role version posts { totalCount } likedPosts { totalCount } }",
				`{"username":"<new>","email":"<new>@example.com","role":"USER","version":1,"posts":{"totalCount":0},"likedPosts":{"totalCount":0}}`),
			accepted("an admin", create("role", "ADMIN")+"{ role }", `{"role":"ADMIN"}`),
			refused("all at once", create(badUser...)+"{ id }", wrongUser...),
			refused("all conflicts at once", create(takenUser...)+"{ id }", conflicted...),
			refused("the input before conflicts", create(append(takenUser, "password", `""`)...)+"{ id }", "BAD_USER_INPUT input.password TOO_SHORT 8"),
		})},
		{"updateUser", owner, slices.Concat(userRules.cases(updates), nulls(updates, "username", "email", "password"),
			malformedIDs("updateUser(id: %s, input: {}) { id }", "<shelf>"), []mutationCase{
				accepted("nothing", update()+"{ role version }", `{"role":"USER","version":1}`),
				accepted("all that one may", update("username", `"<new>"`, "email", `"<new>@example.com"`, "password", `"12345678"`)+"{ username email version }",
					`{"username":"<new>","email":"<new>@example.com","version":2}`),
				accepted("what is not there", `updateUser(id: "<no user>", input: {username: "taken"}, ifVersion: 1) { id }`, "null"),
				accepted("the version", `updateUser(id: "<member>", input: {password: "12345678"}, ifVersion: 1) { version }`, `{"version":2}`),
				refused("another version", `updateUser(id: "<member>", input: {}, ifVersion: 2) { id }`, "CONFLICT ifVersion STALE @1"),
				refused("all at once", update(badUser...)+"{ id }", wrongUser...),
				refused("with the id", `updateUser(id: "x", input: {username: "", email: ""}) { id }`, append(about("input.", "username TOO_SHORT 3", "email MALFORMED"), "BAD_USER_INPUT id MALFORMED")...),
				refused("all conflicts at once", update(takenUser...)+"{ id }", conflicted...),
				refused("the input before existence", `updateUser(id: "<no user>", input: {password: ""}) { id }`, "BAD_USER_INPUT input.password TOO_SHORT 8"),
			})},
		{"updateUser", adminOnly, []mutationCase{
			accepted("an admin more", update("role", "ADMIN")+"{ role version }", `{"role":"ADMIN","version":2}`),
			accepted("the same role", update("role", "USER")+"{ role version }", `{"role":"USER","version":1}`),
			refused("no role", update("role", "null")+"{ id }", "BAD_USER_INPUT input.role REQUIRED"),
			refused("the right before the input", update("role", "ADMIN", "username", `""`)+"{ id }", "BAD_USER_INPUT input.username TOO_SHORT 3"),
			accepted("the right before existence", `updateUser(id: "<no user>", input: {role: USER}) { id }`, "null"),
			refused("the right before the id", `updateUser(id: "x", input: {role: USER}) { id }`, "BAD_USER_INPUT id MALFORMED"),
		}},
		{"deleteUser", owner, append(malformedIDs("deleteUser(id: %s)", "<shelf>"),
			accepted("one", `deleteUser(id: "<member>", ifVersion: 1)`, "true"),
			accepted("what is not there", `deleteUser(id: "<no user>", ifVersion: 4)`, "false"),
			refused("another version", `deleteUser(id: "<member>", ifVersion: 2)`, "CONFLICT ifVersion STALE @1"),
		)},
	}
}

// accountMutations are those of log-ins; TestLogIns has more of them.
func accountMutations() []mutationCases {
	signUp := func(others ...string) string { return "signUp(input: " + object(aUser, others...) + ") " }
	logIn := func(email, password string) string {
		return fmt.Sprintf(`logIn(input: {email: "%s", password: "%s"}) { user { email role } }`, email, password)
	}
	signs := writer{func(field, literal string) string { return signUp(field, literal) }, "input.", "{ user { %s } }", `{"user":{"%s":%s}}`}
	ann := `{"user":{"email":"ann@example.com","role":"USER"}}`
	return []mutationCases{
		{"signUp", anyone, append(userRules.cases(signs),
			accepted("its user sees themselves", signUp()+"{ user { username email role version posts { nodes { id } } } }",
				`{"user":{"username":"<new>","email":"<new>@example.com","role":"USER","version":1,"posts":{"nodes":[]}}}`),
			refused("all at once", signUp(badUser...)+"{ token }", wrongUser...),
			refused("all conflicts at once", signUp(takenUser...)+"{ token }", conflicted...),
		)},
		{"logIn", anyone, []mutationCase{
			accepted("as stored", logIn("ann@example.com", secret), ann),
			accepted("otherwise written", logIn(`\n ANN@Example.COM\u2003`, secret), ann),
			refused("wrong password", logIn("ann@example.com", secret+"x"), "UNAUTHENTICATED"),
			refused("spaces are of the password", logIn("ann@example.com", " "+secret), "UNAUTHENTICATED"),
			refused("wrong e-mail", logIn("anna@example.com", secret), "UNAUTHENTICATED"),
			refused("no e-mail", logIn("ann", secret), "UNAUTHENTICATED"),
			refused("nothing", logIn("", ""), "UNAUTHENTICATED"),
			refused("control characters", logIn(`ann@example.com\u0000`, secret+`\u0000`), "UNAUTHENTICATED"),
			refused("a password over and over", logIn("ann@example.com", secret+`\u0000`+secret), "UNAUTHENTICATED"),
		}},
		{"refreshToken", anyone, []mutationCase{
			accepted("one", `refreshToken(token: "<refresh>") { user { email role } }`, ann),
			refused("none", `refreshToken(token: "") { token }`, "UNAUTHENTICATED"),
			refused("garbage", `refreshToken(token: "a.b.c") { token }`, "UNAUTHENTICATED"),
			refused("an altered one", `refreshToken(token: "<refresh>x") { token }`, "UNAUTHENTICATED"),
		}},
	}
}

func postMutations() []mutationCases {
	create := func(others ...string) string { return "createPost(input: " + object(aPost, others...) + ") " }
	update := func(others ...string) string {
		return `updatePost(id: "<post>", input: ` + object(nil, others...) + ") "
	}
	creates := writer{func(field, literal string) string { return create(field, literal) }, "input.", "{ %s }", `{"%s":%s}`}
	updates := writer{func(field, literal string) string { return update(field, literal) }, "input.", "{ %s }", `{"%s":%s}`}
	bad := []string{"title", `" "`, "content", `"\u0000"`, "categoryId", `"x"`}
	allBad := about("input.", "title BLANK", "content MALFORMED", "categoryId MALFORMED")
	return []mutationCases{
		{"createPost", loggedIn, slices.Concat(postRules.cases(creates), []mutationCase{
			accepted("the least", create()+"{ title content likes viewerHasLiked category { id } version }",
				`{"title":"Title","content":"Content","likes":0,"viewerHasLiked":false,"category":null,"version":1}`),
			refused("all at once", create(bad...)+"{ id }", allBad...),
			refused("the input before what it refers to", create("title", `""`, "categoryId", `"<no category>"`)+"{ id }", "BAD_USER_INPUT input.title BLANK"),
		})},
		{"updatePost", owner, slices.Concat(postRules.cases(updates), nulls(updates, "title", "content"),
			malformedIDs("updatePost(id: %s, input: {}) { id }", "<bob>"), []mutationCase{
				accepted("nothing", update()+"{ title content category { id } version }", `{"title":"Title","content":"Content","category":{"id":"<shelf>"},"version":1}`),
				accepted("everything", update("title", `"T"`, "content", `"C"`, "categoryId", "null")+"{ title content category { id } version }", `{"title":"T","content":"C","category":null,"version":2}`),
				accepted("what is not there", `updatePost(id: "<no post>", input: {title: "x"}) { id }`, "null"),
				refused("another version", `updatePost(id: "<post>", input: {}, ifVersion: 2) { id }`, "CONFLICT ifVersion STALE @1"),
				refused("all at once", update(bad...)+"{ id }", allBad...),
				refused("the input before existence", `updatePost(id: "<no post>", input: {title: ""}) { id }`, "BAD_USER_INPUT input.title BLANK"),
				refused("existence before conflicts", `updatePost(id: "<post>", input: {categoryId: "<no category>"}, ifVersion: 2) { id }`, "NOT_FOUND input.categoryId NOT_FOUND"),
			})},
		{"deletePost", owner, append(malformedIDs("deletePost(id: %s)", "<bob>"),
			accepted("one", `deletePost(id: "<post>", ifVersion: 1)`, "true"),
			accepted("what is not there", `deletePost(id: "<no post>")`, "false"),
			refused("another version", `deletePost(id: "<post>", ifVersion: 2)`, "CONFLICT ifVersion STALE @1"),
		)},
	}
}

func likeMutations() []mutationCases {
	return []mutationCases{
		{"likePost", loggedIn, append(malformedIDs("likePost(id: %s) { id }", "<bob>"),
			accepted("one", `likePost(id: "<post>") { likes viewerHasLiked version }`, `{"likes":1,"viewerHasLiked":true,"version":2}`),
			refused("what is not there", `likePost(id: "<no post>") { id }`, "NOT_FOUND id NOT_FOUND"),
		)},
		{"unlikePost", loggedIn, append(malformedIDs("unlikePost(id: %s) { id }", "<bob>"),
			accepted("one not liked", `unlikePost(id: "<post>") { likes viewerHasLiked version }`, `{"likes":0,"viewerHasLiked":false,"version":1}`),
			refused("what is not there", `unlikePost(id: "<no post>") { id }`, "NOT_FOUND id NOT_FOUND"),
		)},
		{"logOut", loggedIn, nil}, // TestLogIns: here it would end the log-ins of all cases that follow
	}
}
