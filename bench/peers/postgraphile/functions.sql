-- What PostGraphile cannot know from the tables: who writes a post. Its search
-- words are made by the table's trigger.
CREATE SCHEMA IF NOT EXISTS bench;
CREATE OR REPLACE FUNCTION bench.publish_post(title text, content text, category_id bigint) RETURNS public.posts
LANGUAGE sql VOLATILE AS $$
	INSERT INTO public.posts (title, content, user_id, category_id)
	VALUES (title, content, current_setting('jwt.claims.sub')::bigint, category_id)
	RETURNING *
$$;
