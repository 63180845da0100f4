const files = import.meta.glob('../examples/*.graphql', { query: '?raw', import: 'default', eager: true });

// The tabs of a first visit, in the order of the files' names. Later visits have their own.
export const examples = Object.keys(files)
  .sort()
  .map((name) => ({ query: files[name] }));
