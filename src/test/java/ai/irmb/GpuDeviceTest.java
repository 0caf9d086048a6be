package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.irmb.error.DeviceMemoryException;
import ai.irmb.error.InferenceException;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.testing.NeedsGpu;
import ai.irmb.testing.Partners;
import ai.irmb.testing.Shared;
import ai.irmb.testing.TestDevice;
import java.io.IOException;
import java.nio.file.Path;
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
  private static final double CONFIDENCE = 0.02;
  private static final int BATCH = 64;

  /** Enough for one image, and too little for a batch. */
  private static final long LEFT_FREE = 400L << 20;

  private static final long FILLER = 256L << 20;

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

  /** Whatever a batch does that finds no memory, the next one finds what it should. */
  @Test
  void aDetectorGoesOnAfterTheMemoryWasFull() throws IOException {
    assumeTrue(device().isCuda());
    RgbImage image = image();
    try (Detector detector = device().detector(WEIGHTS).batchSize(BATCH).build()) {
      List<Detection> expected = detector.detect(image).list();
      long free = device().freeMemory() - LEFT_FREE;
      try (NDManager filler = PyTorchEngine.get().newManager(device().name())) {
        for (long at = 0; at < free; at += FILLER) {
          filler.zeros(new Shape(FILLER), DataType.INT8);
        }
        detector.detectAll(Collections.nCopies(BATCH, image));
      } catch (DeviceMemoryException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("memory"), e.getMessage());
      }
      Partners.check("after", expected, detector.detect(image).list(), CONFIDENCE);
    }
  }

  @Test
  void numbersThatAreNotFiniteAreComputedAgainOrAnError() throws IOException {
    assumeTrue(device().isCuda());
    Path overflowing = Shared.path("reference/models/yolov5n_C2f_iRMB.pt");
    RgbImage image = image();
    DetectOptions options = DetectOptions.DEFAULTS.withConfidenceThreshold(0.05);
    try (Detector full = device().detector(overflowing).build();
        Detector half = device().detector(overflowing).precision(Precision.FP16).build();
        Detector strict =
            device()
                .detector(overflowing)
                .precision(Precision.FP16)
                .strictPrecision(true)
                .build()) {
      Partners.check(
          "repeated in fp32",
          full.detect(image, options).list(),
          half.detect(image, options).list(),
          CONFIDENCE);
      assertThrows(InferenceException.class, () -> strict.detect(image, options));
    }
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
