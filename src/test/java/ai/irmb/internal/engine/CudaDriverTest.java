package ai.irmb.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Each cause of a CUDA that finds no device has its remedy, whether or not there is a GPU. */
@Tag("fast")
@EnabledOnOs(OS.LINUX)
class CudaDriverTest {
  @TempDir Path folder;

  @Test
  void noDriver() {
    assertEquals(
        "no NVIDIA driver is loaded; install one, or start the container with --gpus all",
        CudaDriver.explain(folder.resolve("version")));
  }

  @Test
  void anOldDriver() throws IOException {
    assertEquals(
        "the NVIDIA driver is 470.223.02, but CUDA 12 needs 525 or newer; update the driver",
        CudaDriver.explain(driver("NVIDIA UNIX x86_64 Kernel Module  470.223.02  Sat Oct  7")));
  }

  @Test
  void aNewDriverWithoutTheRuntimeLibrary() throws IOException {
    assertEquals(
        "the NVIDIA driver is 570.86.15, which is new enough, so CUDA's runtime library is missing"
            + " or CUDA_VISIBLE_DEVICES hides the GPUs; put libcudart.so of CUDA 12 on"
            + " LD_LIBRARY_PATH",
        CudaDriver.explain(
            driver("NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build")));
  }

  @Test
  void textWithoutAVersion() throws IOException {
    assertEquals(
        "the NVIDIA driver does not say its version; CUDA 12 needs 525",
        CudaDriver.explain(driver("something else")));
  }

  private Path driver(String text) throws IOException {
    return Files.writeString(
        folder.resolve("version"), "NVRM version: " + text + "\nGCC version: gcc 12.2.0 \n");
  }
}
