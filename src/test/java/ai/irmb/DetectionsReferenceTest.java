package ai.irmb;

import ai.irmb.testing.TestDevice;
import org.junit.jupiter.api.Tag;

/** The detections on the CPU. */
@Tag("reference")
class DetectionsReferenceTest extends DetectionsReference {
  DetectionsReferenceTest() {
    super(TestDevice.CPU);
  }
}
