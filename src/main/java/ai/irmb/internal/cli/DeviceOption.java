package ai.irmb.internal.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The device that a network runs on. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "cpu, cuda or cuda:N (default: CUDA if available).")
  private @Nullable String device;

  /** {@return the device, as {@code cuda:N} if only its number was given, as upstream takes it} */
  @Nullable String device() {
    return device != null && device.matches("[0-9]{1,3}") ? "cuda:" + device : device;
  }
}
