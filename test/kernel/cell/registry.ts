/** An npm registry for tests: serves packages made up on the spot, on this machine only. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** Files of a package by path; `package.json` gets name and version by itself. */
export type Files = Readonly<Record<string, string>>;

export interface Registry {
  /** For npm's `--registry` or `npm_config_registry`. */
  readonly url: string;
  close(): Promise<void>;
}

/** `packages`: name → version → files. Others are answered with 404; `%slow` in a name never answers. */
export async function startRegistry(
  packages: Readonly<Record<string, Readonly<Record<string, Files>>>>,
): Promise<Registry> {
  const server = createServer((request, response) => {
    const [name = "", file] = decodeURIComponent(request.url ?? "")
      .slice(1)
      .split("/-/");
    if (name.startsWith("slow")) return;
    const versions = packages[name];
    const version = file?.replace(/\.tgz$/, "");
    if (!versions || (version !== undefined && !versions[version])) {
      response.writeHead(404, { "content-type": "application/json" }).end('{"error":"Not found"}');
      return;
    }
    if (version !== undefined) {
      response.end(tarball(name, version, versions[version] ?? {}));
      return;
    }
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const documents = Object.entries(versions).map(([version, files]) => {
      const integrity = `sha512-${createHash("sha512")
        .update(tarball(name, version, files))
        .digest("base64")}`;
      return [
        version,
        { ...manifest(name, version, files), dist: { tarball: `${url}/${name}/-/${version}.tgz`, integrity } },
      ];
    });
    const latest = Object.keys(versions).at(-1);
    const body = { name, "dist-tags": { latest }, versions: Object.fromEntries(documents) };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function manifest(name: string, version: string, files: Files): Record<string, unknown> {
  const own = JSON.parse(files["package.json"] ?? "{}") as { scripts?: object };
  return { ...own, name, version, ...(own.scripts ? { hasInstallScript: true } : {}) };
}

/** A gzipped tar archive (POSIX ustar), files below `package/`. */
function tarball(name: string, version: string, files: Files): Buffer {
  const all = { ...files, "package.json": JSON.stringify(manifest(name, version, files)) };
  const blocks = Object.entries(all).flatMap(([path, text]) => {
    const content = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(`package/${path}`, 0);
    header.write("0000644\0", 100);
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        ", 148);
    header.write("0", 156);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
