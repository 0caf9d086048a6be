package ai.irmb.internal.execution;

import ai.irmb.testing.NeedsGpu;
import ai.irmb.testing.TestDevice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** CUDA's programs of the networks, on a GPU. */
@ExtendWith(NeedsGpu.class)
@Tag("gpu")
class GpuNetworksTest extends CudaNetworks {
  GpuNetworksTest() {
    super(TestDevice.ofGpuGroup());
  }
}
