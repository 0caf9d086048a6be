package ai.irmb.internal.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The device that a network runs on. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "cpu, cuda or cuda:N (default: CUDA if available).")
  @Nullable String device;
}
