package ai.irmb.internal.validate;

import ai.irmb.testing.NeedsGpu;
import ai.irmb.testing.TestDevice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The validation on a GPU. */
@ExtendWith(NeedsGpu.class)
@Tag("gpu")
class GpuValidatorReferenceTest extends ValidatorReference {
  GpuValidatorReferenceTest() {
    super(TestDevice.ofGpuGroup());
  }
}
