// What set-up builds, in order. Paths are relative to the repository root.
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";

const jobs = String(availableParallelism());

/** Headers beside the node binary save node-gyp a download (distribution and image installs have them). */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, "include/node/node_api.h")) ? { npm_config_nodedir: prefix } : {};
}

const nodeGyp = "node_modules/node-gyp/bin/node-gyp.js";

function gyp(root, folder, title, units, env = {}) {
  return {
    command: process.execPath,
    args: [join(root, nodeGyp), "rebuild", "-j", jobs],
    cwd: join(root, folder),
    env: { ...nodeHeaders(), ...env },
    title,
    units,
  };
}

function openCvLibraryFolder() {
  const triplet = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" }[process.arch];
  return triplet && existsSync(`/usr/lib/${triplet}`) ? `/usr/lib/${triplet}` : "/usr/lib";
}

function countSources(root, gypFile) {
  const path = join(root, gypFile);
  return existsSync(path) ? (readFileSync(path, "utf8").match(/\.cc?"/g) ?? []).length : 0;
}

/**
 * `needs`: Debian packages without which the step is left out (the backend is then disabled).
 * `programs`: outputs that are made executable.
 */
export function buildSteps(root) {
  return [
    {
      name: "sqlite3",
      needs: [],
      inputs: ["node_modules/sqlite3/package.json", "node_modules/sqlite3/binding.gyp"],
      outputs: ["node_modules/sqlite3/build/Release/node_sqlite3.node"],
      stamp: "node_modules/.nearfar/sqlite3",
      commands: () => [gyp(root, "node_modules/sqlite3", "sqlite3 (about 70 s on two cores)", 0)],
    },
    {
      name: "opencv4nodejs",
      needs: ["libopencv-dev"],
      inputs: ["node_modules/opencv4nodejs/package.json", "node_modules/opencv4nodejs/binding.gyp"],
      outputs: ["node_modules/opencv4nodejs/build/Release/opencv4nodejs.node"],
      stamp: "node_modules/.nearfar/opencv4nodejs",
      commands: () => [
        gyp(
          root,
          "node_modules/opencv4nodejs",
          "opencv4nodejs (about 220 s on two cores)",
          countSources(root, "node_modules/opencv4nodejs/binding.gyp"),
          {
            OPENCV4NODEJS_DISABLE_AUTOBUILD: "1",
            OPENCV_INCLUDE_DIR: "/usr/include/opencv4",
            OPENCV_LIB_DIR: openCvLibraryFolder(),
            OPENCV_BIN_DIR: "/usr/bin",
          },
        ),
      ],
    },
    {
      name: "aravis addon",
      needs: ["libaravis-dev", "libusb-1.0-0-dev"],
      inputs: ["native/aravis", "native/addon"],
      outputs: ["native/aravis/build/Release/nearfar_aravis.node"],
      stamp: "native/aravis/build/.nearfar-stamp",
      commands: () => [
        gyp(root, "native/aravis", "aravis addon", countSources(root, "native/aravis/binding.gyp")),
      ],
    },
    {
      name: "vision addon",
      needs: ["libopencv-dev", "libceres-dev", "libraw-dev"],
      inputs: ["native/vision", "native/addon"],
      outputs: ["native/vision/build/Release/nearfar_vision.node"],
      stamp: "native/vision/build/.nearfar-stamp",
      commands: () => [
        gyp(root, "native/vision", "vision addon", countSources(root, "native/vision/binding.gyp")),
      ],
    },
    {
      name: "face nets",
      needs: [],
      inputs: ["native/setup/face-nets", "node_modules/@vladmandic/human/package.json"],
      outputs: ["blazeface.onnx", "facemesh.onnx", "iris.onnx", "face-nets.json"].map(
        (name) => `dist/face-nets/${name}`,
      ),
      stamp: "dist/face-nets/.nearfar-stamp",
      commands: () => [
        {
          command: process.execPath,
          args: [join(root, "native/setup/face-nets/convert.mjs"), join(root, "dist/face-nets")],
          cwd: root,
          title: "face nets (converted to ONNX)",
        },
      ],
    },
    {
      name: "firmware",
      needs: ["gcc-avr", "avr-libc"],
      inputs: ["native/firmware", "native/protocol/trigger.yml"],
      outputs: ["native/firmware/build/trigger.elf", "native/firmware/build/trigger.hex"],
      stamp: "native/firmware/build/.nearfar-stamp",
      commands: () => [
        {
          command: "make",
          args: ["-C", join(root, "native/firmware")],
          cwd: root,
          title: "trigger board firmware",
        },
      ],
    },
    {
      name: "virtual rig",
      needs: [
        "cmake",
        "libsimavr-dev",
        "libelf-dev",
        "libaravis-dev",
        "libusb-1.0-0-dev",
        "nlohmann-json3-dev",
        "libembree-dev",
      ],
      inputs: ["native/virtual-rig", "native/firmware/generated"],
      outputs: ["native/virtual-rig/build/nearfar-virtual-rig"],
      stamp: "native/virtual-rig/build/.nearfar-stamp",
      commands: () => {
        const source = join(root, "native/virtual-rig");
        const build = join(source, "build");
        return [
          {
            command: "cmake",
            args: ["-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Release"],
            cwd: root,
            title: "virtual rig, configure",
          },
          {
            command: "cmake",
            args: ["--build", build, "-j", jobs],
            cwd: root,
            title: "virtual rig, compile",
          },
        ];
      },
    },
    {
      name: "program",
      needs: [],
      inputs: ["src", "tsconfig.json", "package-lock.json"],
      outputs: ["dist/app/main.js"],
      programs: ["dist/app/main.js"],
      stamp: "dist/.nearfar-stamp",
      commands: () => [
        {
          command: process.execPath,
          args: [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tsconfig.json")],
          cwd: root,
          title: "TypeScript",
        },
      ],
    },
    {
      name: "web page",
      needs: [],
      inputs: ["web", "src/schema", "package-lock.json"],
      outputs: ["dist/web/index.html"],
      stamp: "dist/.nearfar-web-stamp",
      commands: () => [
        {
          command: process.execPath,
          args: [
            join(root, "node_modules/vite/bin/vite.js"),
            "build",
            "--config",
            join(root, "web/vite.config.ts"),
          ],
          cwd: root,
          title: "web page",
        },
      ],
    },
  ];
}
