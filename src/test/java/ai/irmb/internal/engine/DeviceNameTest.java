package ai.irmb.internal.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of devices, and the messages for devices that are not there, for any number of GPUs. */
@Tag("fast")
class DeviceNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"cpu", "CPU", "cuda", "cuda:0", "CUDA:12"})
  void isADevice(String name) {
    assertDoesNotThrow(() -> PyTorchEngine.checkDeviceName(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "cpu:0", "cuda:", "cuda:-1", "cuda:1000", "cuda 0", "0"})
  void isNoDevice(String name) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> PyTorchEngine.checkDeviceName(name));
    assertEquals("device: expected cpu, cuda or cuda:N, found \"" + name + "\"", e.getMessage());
  }

  @Test
  void aNumberThatIsTooHighNamesTheOnesThatAreThere() {
    assertEquals(
        "device: cuda:2 was requested, but PyTorch 2.7.1 finds 2 CUDA devices; use cuda:N with N"
            + " below 2, or check CUDA_VISIBLE_DEVICES",
        PyTorchEngine.missing("cuda:2", "PyTorch 2.7.1", 2));
  }

  @Test
  void noDeviceNamesWhatCudaNeeds() {
    String message = PyTorchEngine.missing("cuda", "PyTorch 2.7.1", 0);
    assertTrue(
        message.startsWith(
            "device: cuda was requested, but PyTorch 2.7.1 finds 0 CUDA devices; CUDA needs a"
                + " driver, ai.djl.pytorch:pytorch-native-cu"),
        message);
    assertTrue(message.endsWith(" on the class path, and no pytorch-native-cpu"), message);
  }
}
