import { get } from 'node:http';

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
