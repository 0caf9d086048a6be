package ai.irmb.internal.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The operating system and the processor that the JVM runs on. */
public final class Platform {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private Platform() {}

  /** The operating systems that the library distinguishes. */
  public enum OperatingSystem {
    /** Linux, with any C library. */
    LINUX("linux"),
    /** macOS. */
    MAC("osx"),
    /** Windows. */
    WINDOWS("win"),
    /** Any other; the engine has no natives for it. */
    OTHER("linux");

    private final String classifier;

    OperatingSystem(String classifier) {
      this.classifier = classifier;
    }
  }

  /** {@return the operating system} */
  public static OperatingSystem operatingSystem() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (name.startsWith("linux")) {
      return OperatingSystem.LINUX;
    }
    if (name.startsWith("mac")) {
      return OperatingSystem.MAC;
    }
    return name.startsWith("windows") ? OperatingSystem.WINDOWS : OperatingSystem.OTHER;
  }

  /** {@return whether this is Linux} */
  public static boolean isLinux() {
    return operatingSystem() == OperatingSystem.LINUX;
  }

  /** {@return whether the processor is an x86 of 64 bits} */
  public static boolean isX86() {
    return architecture().equals("x86_64");
  }

  /** {@return the classifier of the engine's native jars, for example {@code linux-x86_64}} */
  public static String classifier() {
    return operatingSystem().classifier + "-" + architecture();
  }

  private static String architecture() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return name.equals("amd64") ? "x86_64" : name;
  }

  /**
   * {@return whether the processor multiplies bfloat16 in hardware: AVX512-BF16 or AMX}
   *
   * <p>Only Linux reports this without native code; elsewhere the answer is no.
   */
  public static boolean hasBf16() {
    Set<String> flags = flags();
    return isX86() && (flags.contains("avx512_bf16") || flags.contains("amx_bf16"));
  }

  /** {@return the processor's name and its widest vector instructions, for a message} */
  public static String processor() {
    Set<String> flags = flags();
    String widest =
        Stream.of("amx_bf16", "avx512_bf16", "avx512f", "avx2", "avx")
            .filter(flags::contains)
            .findFirst()
            .orElse("");
    String name = cpuInfo("model name");
    return (name.isEmpty() ? System.getProperty("os.arch", "unknown") : name)
        + (widest.isEmpty() ? "" : " (" + widest + ")");
  }

  private static Set<String> flags() {
    return Set.copyOf(Arrays.asList(cpuInfo("flags").split(" ", -1)));
  }

  private static String cpuInfo(String key) {
    try (Stream<String> lines = Files.lines(CPUINFO)) {
      return lines
          .filter(line -> line.startsWith(key))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
