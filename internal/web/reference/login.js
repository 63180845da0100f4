import { send } from './request.js';

// Lets the form log in; the token goes to where requests take it from.
export function enableLogin(api) {
  const [form, email, password, token, said] = ['login', 'email', 'password', 'token', 'login-said']
    .map((id) => document.getElementById(id));

  async function logIn() {
    const body = JSON.stringify({ email: email.value, password: password.value });
    token.value = '';
    const response = await send(api, 'POST', '/session', { body });
    const session = await response.json();
    if (!response.ok) {
      return session.detail;
    }
    token.value = session.token;
    password.value = '';
    return `Logged in as ${session.user.username} (${session.user.role}).`;
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    said.textContent = '';
    said.textContent = await logIn().catch(String);
  });
}
