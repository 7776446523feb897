{
  "targets": [
    {
      "target_name": "nearfar_aravis",
      "sources": [
        "../addon/bridge.cc",
        "../addon/failure.cc",
        "../addon/read_value.cc",
        "core/camera.cc",
        "core/configure.cc",
        "core/device.cc",
        "core/discovery.cc",
        "core/glib_handles.cc",
        "core/job_thread.cc",
        "core/stream.cc",
        "wrap/addon.cc",
        "wrap/camera_wrap.cc",
        "wrap/convert.cc",
        "wrap/failure.cc"
      ],
      "defines": ["NAPI_VERSION=9", "NAPI_CPP_EXCEPTIONS"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags_cc": [
        "-std=c++20",
        "-fexceptions",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        # The headers of GLib and Aravis are not ours to keep clean.
        "<!@(pkg-config --cflags aravis-0.8 | sed 's/-I/-isystem /g')"
      ],
      "libraries": ["<!@(pkg-config --libs aravis-0.8)"]
    }
  ]
}
