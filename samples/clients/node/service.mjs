// Starts the application on a free port, as java -jar does.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

async function freePort() {
  const server = createServer().listen(0);
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves to { baseURL, stop } when the model is loaded; fails after a minute. */
export async function start(environment) {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), "camel-vlm-"));
  const java = spawn("java", ["-jar", join(root, "routes/target/camel-vlm.jar")], {
    cwd: directory,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      VLM_MODEL: join(root, "samples/models/shapes-vl"),
      VLM_DTYPE: "float32",
      VLM_THREADS: "1",
      VLM_FOLDER: "false",
      API_PORT: String(port),
      ...environment,
    },
  });
  const ended = new Promise((resolve) => java.once("exit", resolve));
  const stop = async () => {
    java.kill();
    await ended;
    await rm(directory, { recursive: true });
  };
  const deadline = Date.now() + 60_000;
  while (!(await fetch(`http://localhost:${port}/health`).catch(() => ({ ok: false }))).ok) {
    if (Date.now() > deadline || java.exitCode !== null) {
      await stop();
      throw new Error("the service does not start: is routes/target/camel-vlm.jar built?");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { baseURL: `http://localhost:${port}/v1`, stop };
}
