// Whether the process in this container is ready, for the container's health check: exit 0 or 1.
const port = process.env.MILLRACE_PORT || '8080';
const answer = await fetch(`http://127.0.0.1:${port}/ready`).catch((error) => ({
  ok: false,
  text: () => error.message,
}));
if (!answer.ok) console.error(await answer.text());
process.exit(answer.ok ? 0 : 1);
