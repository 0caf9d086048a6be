package ai.irmb.internal.execution;

import ai.irmb.testing.TestDevice;
import org.junit.jupiter.api.Tag;

/** CUDA's programs of the networks, on the CPU. */
@Tag("reference")
class CudaNetworksTest extends CudaNetworks {
  CudaNetworksTest() {
    super(TestDevice.CPU);
  }
}
