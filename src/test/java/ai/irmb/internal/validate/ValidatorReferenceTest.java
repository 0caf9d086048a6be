package ai.irmb.internal.validate;

import ai.irmb.testing.TestDevice;
import org.junit.jupiter.api.Tag;

/** The validation on the CPU. */
@Tag("reference")
class ValidatorReferenceTest extends ValidatorReference {
  ValidatorReferenceTest() {
    super(TestDevice.CPU);
  }
}
