package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.irmb.image.RgbImage;
import ai.irmb.testing.NeedsGpu;
import ai.irmb.testing.TestDevice;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What holds on any device, on a GPU; and what holds on a GPU only. */
@ExtendWith(NeedsGpu.class)
@Tag("gpu")
class GpuDeviceTest extends DeviceContract {
  private static final long MAX_LEFT = 64 << 20;

  GpuDeviceTest() {
    super(TestDevice.ofGpuGroup());
  }

  /** The first detector's kernels and handles stay: CUDA loads them once for the process. */
  @Test
  void memoryComesBackWhenTheLastDetectorCloses() throws IOException {
    assumeTrue(device().isCuda());
    List<RgbImage> images = Collections.nCopies(16, image());
    detectAndClose(images);
    long before = device().usedMemory();
    detectAndClose(images);
    long left = device().usedMemory() - before;
    assertTrue(left <= MAX_LEFT, left + " bytes did not come back");
  }

  private void detectAndClose(List<RgbImage> images) {
    try (Detector full = device().detector(WEIGHTS).batchSize(16).build();
        Detector half =
            device().detector(WEIGHTS).batchSize(16).precision(Precision.FP16).build()) {
      full.detectAll(images);
      half.detectAll(images);
    }
  }
}
