package ai.irmb.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages of PyTorch and of CUDA's libraries, without a GPU. */
@Tag("fast")
class DeviceMemoryTest {
  @Test
  void theMessageOfPyTorchNamesWhatIsNeededAndFree() {
    Throwable failure =
        new IllegalStateException(
            "the network failed",
            new EngineException(
                "The following operation failed in the TorchScript interpreter.\nRuntimeError: CUDA"
                    + " out of memory. Tried to allocate 3.12 GiB. GPU 0 has a total capacity of"
                    + " 23.65 GiB of which 1.06 GiB is free. Process 1 has 22.58 GiB memory in"
                    + " use."));
    assertTrue(DeviceMemory.isExhausted(failure));
    assertEquals(
        "; the engine needed 3.12 GiB more; 1.06 GiB are free", DeviceMemory.describe(failure));
  }

  @Test
  void theMessageOfAProcessorNamesWhatIsNeeded() {
    Throwable failure =
        new EngineException(
            "DefaultCPUAllocator: can't allocate memory: you tried to allocate 4503 bytes. Error"
                + " code 12 (Cannot allocate memory)");
    assertEquals("; the engine needed 4503 bytes more", DeviceMemory.describe(failure));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA error: out of memory",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED"
      })
  void librariesWithMemoryOfTheirOwnCountToo(String message) {
    Throwable failure = new EngineException(message);
    assertTrue(DeviceMemory.isExhausted(failure));
    assertEquals("", DeviceMemory.describe(failure));
  }

  @Test
  void otherFailuresAreNotALackOfMemory() {
    assertFalse(DeviceMemory.isExhausted(new EngineException("CUDA error: invalid argument")));
    assertFalse(DeviceMemory.isExhausted(new IllegalStateException("CUDA out of memory")));
  }
}
