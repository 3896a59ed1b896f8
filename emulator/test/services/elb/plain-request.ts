import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { get as getSecurely } from 'node:https';

/** Status and location of an answer to a request with a host header of its own, which fetch does not send. */
export function http(
  url: string,
  path: string,
  host: string,
): Promise<{ status: number | undefined; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(`${url}${path}`, { headers: { host } }, (response) => {
      response.resume();
      const { headers, statusCode: status } = response;
      resolve({ status, location: headers.location });
    }).once('error', reject);
  });
}

/** Status of an answer over TLS, from who has a certificate of the authority in a file. */
export async function https(url: string, caFile: string): Promise<number | undefined> {
  const ca = await readFile(caFile);
  return new Promise((resolve, reject) => {
    getSecurely(url, { ca }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
}
