package ai.irmb.internal.block;

import ai.irmb.testing.NeedsGpu;
import ai.irmb.testing.TestDevice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** CUDA's programs of the blocks, on a GPU. */
@ExtendWith(NeedsGpu.class)
@Tag("gpu")
class GpuBlocksTest extends CudaBlocks {
  GpuBlocksTest() {
    super(TestDevice.ofGpuGroup());
  }
}
