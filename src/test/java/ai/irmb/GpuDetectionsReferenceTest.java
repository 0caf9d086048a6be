package ai.irmb;

import ai.irmb.testing.NeedsGpu;
import ai.irmb.testing.TestDevice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The detections on a GPU. */
@ExtendWith(NeedsGpu.class)
@Tag("gpu")
class GpuDetectionsReferenceTest extends DetectionsReference {
  GpuDetectionsReferenceTest() {
    super(TestDevice.ofGpuGroup());
  }
}
