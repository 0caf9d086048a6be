package ai.irmb.internal.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Explains why no CUDA device is found, from the text that NVIDIA's driver for Linux says of
 * itself. The CUDA runtime only says that there are none.
 */
final class CudaDriver {
  /** The first driver for CUDA 12, and for all of its minor versions. */
  private static final int MIN_VERSION = 525;

  private static final Path FILE = Path.of("/proc/driver/nvidia/version");
  private static final Pattern VERSION =
      Pattern.compile("\\s([0-9]{3,4})\\.[0-9]+(?:\\.[0-9]+)?\\s");

  private CudaDriver() {}

  /** {@return the cause and the remedy, on this machine} */
  static String explain() {
    return explain(FILE);
  }

  /**
   * {@return the cause and the remedy}
   *
   * @param file where the driver's text is, if there is a driver
   */
  static String explain(Path file) {
    // On Windows, also in its Linux subsystem, the driver has no such file.
    if (!Files.isDirectory(Path.of("/proc")) || Files.exists(Path.of("/dev/dxg"))) {
      return "there is no GPU, or no driver for CUDA 12, or CUDA's runtime library (libcudart.so,"
          + " cudart64 on Windows) is not on the system's library path";
    }
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "no NVIDIA driver is loaded; install one, or start the container with --gpus all";
    }
    Matcher version = VERSION.matcher(text);
    if (!version.find()) {
      return "the NVIDIA driver does not say its version; CUDA 12 needs " + MIN_VERSION;
    }
    if (Integer.parseInt(version.group(1)) < MIN_VERSION) {
      return "the NVIDIA driver is "
          + version.group().strip()
          + ", but CUDA 12 needs "
          + MIN_VERSION
          + " or newer; update the driver";
    }
    return "the NVIDIA driver is "
        + version.group().strip()
        + ", which is new enough, so CUDA's runtime library is missing or CUDA_VISIBLE_DEVICES"
        + " hides the GPUs; put libcudart.so of CUDA 12 on LD_LIBRARY_PATH";
  }
}
