package ai.irmb.internal.block;

import ai.irmb.testing.TestDevice;
import org.junit.jupiter.api.Tag;

/** CUDA's programs of the blocks, on the CPU. */
@Tag("reference")
class CudaBlocksTest extends CudaBlocks {
  CudaBlocksTest() {
    super(TestDevice.CPU);
  }
}
