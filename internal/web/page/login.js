const [form, email, password, token, said] = [
  'login', 'email', 'password', 'token', 'login-said',
].map((id) => document.getElementById(id));

const query = `mutation ($input: LogInInput!) {
  logIn(input: $input) { token user { username role } }
}`;

// Logs in and puts the token where the next request takes it from.
async function logIn() {
  const input = { email: email.value, password: password.value };
  const response = await fetch('graphql', {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = await response.json();
  if (errors) {
    return errors.map((fault) => fault.message).join('\n');
  }
  const { user } = data.logIn;
  token.value = data.logIn.token;
  password.value = '';
  return `Logged in as ${user.username} (${user.role}).`;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  said.textContent = '';
  said.textContent = await logIn().catch(String);
});
