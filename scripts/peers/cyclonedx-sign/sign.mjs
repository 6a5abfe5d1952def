// Signs a document as a whole with @cyclonedx/sign: sign.mjs DOCUMENT ALGORITHM PRIVATE.pem > SIGNED
import { readFileSync } from "node:fs";
import { sign } from "@cyclonedx/sign/jsf";

const [file, algorithm, key] = process.argv.slice(2);
const signed = await sign(JSON.parse(readFileSync(file, "utf8")), {
  signer: { algorithm, privateKey: readFileSync(key, "utf8"), publicKey: "auto" },
});
process.stdout.write(JSON.stringify(signed, null, 2));
