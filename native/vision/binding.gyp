{
  "targets": [
    {
      "target_name": "nearfar_vision",
      "sources": [
        "../addon/bridge.cc",
        "../addon/failure.cc",
        "core/board.cc",
        "core/chessboard.cc",
        "core/dictionary.cc",
        "core/find_board.cc",
        "core/find_saddle.cc",
        "core/fit_saddle.cc",
        "core/grid.cc",
        "core/homography.cc",
        "core/image.cc",
        "core/job_pool.cc",
        "core/lattice.cc",
        "core/marker_search.cc",
        "core/predict.cc",
        "core/preview.cc",
        "core/saddle_model.cc",
        "core/saddle_window.cc",
        "wrap/addon.cc",
        "wrap/convert.cc",
        "wrap/failure.cc",
        "wrap/vision_wrap.cc"
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
        # The headers of OpenCV are not ours to keep clean.
        "<!@(pkg-config --cflags opencv4 | sed 's/-I/-isystem /g')"
      ],
      # Not pkg-config's list, which holds all of OpenCV with its windows and networks.
      "libraries": ["-lopencv_aruco", "-lopencv_calib3d", "-lopencv_imgproc", "-lopencv_core"]
    }
  ]
}
