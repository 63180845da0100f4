import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { folder } from './stoa.js';

export const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// Compiles a program beside what has been generated for it, strictly, and loads it.
export async function compile(program) {
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await symlink(here('node_modules'), join(folder, 'node_modules'));
  await copyFile(here(program), join(folder, basename(program)));
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
  // The one of typescript is for openapi-typescript, which needs its interface.
  await promisify(execFile)(here('node_modules/typescript-7/bin/tsc'), [...options, basename(program)], { cwd: folder })
    .catch(({ stdout }) => assert.fail(stdout));
  return import(pathToFileURL(join(folder, basename(program, '.ts') + '.js')));
}
