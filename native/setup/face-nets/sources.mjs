// The face networks that set-up converts: what they are made from, bit for bit, and how their
// inputs and outputs are called afterwards.
//
// They come with @vladmandic/human 3.3.6 (MIT), which took them from MediaPipe (Apache-2.0).

/** Folder of the originals, relative to the repository root. */
export const modelsFolder = "node_modules/@vladmandic/human/models";

/**
 * One entry for each network: files with their sha256, edge length of the square input in px, and
 * the names of outputs by the node that computes them. Outputs that are not named are left out, with
 * every node that only they need.
 */
export const faceNetSources = [
  {
    role: "detector",
    name: "blazeface",
    jsonSha256: "cd7bbfc078270572beb39f9e5ae67aadbd50b5e67cff37e6d4f6b3ea39312e5f",
    binSha256: "dc9a97fdc50bc43216554bdd69aa3e7b9361a519ee7bdd996a2f69a98a6f9b72",
    inputPx: 256,
    outputs: { Identity: "scores16", Identity_2: "boxes16", Identity_1: "scores8", Identity_3: "boxes8" },
  },
  {
    role: "mesh",
    name: "facemesh",
    jsonSha256: "b60ca26f404724f43bd2b1575761d8265180e1f053cc0731caa68462927309e7",
    binSha256: "3826da640b0a3021161605369ee6af293f75d518040355b960ec71a3390c1c0b",
    inputPx: 192,
    outputs: { Identity_2: "points", Identity_1: "presence" },
  },
  {
    role: "iris",
    name: "iris",
    jsonSha256: "49038ac9dcc09aa05474d91d98e9db5b47af4830929bcf102ed5a56bfbabb465",
    binSha256: "d7f296d184274213d4642681ae186112cbbec77fd2ab066257d3c56a1940bc71",
    inputPx: 64,
    outputs: { Identity: "points" },
  },
];
