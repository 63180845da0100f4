const [list, form, query, variables, token, status, result] = [
  'examples', 'request', 'query', 'variables', 'token', 'status', 'result',
].map((id) => document.getElementById(id));

// Sends what stands in the form and shows the answer as it came, indented where it is JSON.
async function run() {
  status.value = '…';
  const started = performance.now();
  try {
    const response = await fetch('graphql', { method: 'POST', headers: headers(), body: body() });
    const text = await response.text();
    status.value = `${response.status} in ${Math.round(performance.now() - started)} ms`;
    result.textContent = indented(text);
  } catch (error) {
    status.value = '';
    result.textContent = String(error);
  }
}

function headers() {
  const sent = {
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'content-type': 'application/json',
  };
  if (token.value.trim()) {
    sent.authorization = `Bearer ${token.value.trim()}`;
  }
  return sent;
}

function body() {
  return JSON.stringify({ query: query.value, variables: JSON.parse(variables.value.trim() || '{}') });
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function choose(example, button) {
  query.value = example.query;
  variables.value = '';
  for (const other of list.querySelectorAll('button')) {
    other.setAttribute('aria-current', other === button);
  }
}

function listed(example) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = example.title;
  button.addEventListener('click', () => choose(example, button));
  const item = document.createElement('li');
  item.append(button);
  return item;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  run();
});
form.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    form.requestSubmit();
  }
});

const examples = await (await fetch('examples.json')).json();
list.append(...examples.map(listed));
list.querySelector('button').click();
