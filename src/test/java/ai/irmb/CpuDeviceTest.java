package ai.irmb;

import ai.irmb.testing.TestDevice;
import org.junit.jupiter.api.Tag;

/** What holds on any device, on the CPU. */
@Tag("engine")
class CpuDeviceTest extends DeviceContract {
  CpuDeviceTest() {
    super(TestDevice.CPU);
  }
}
