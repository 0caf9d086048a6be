package ai.irmb.internal.engine;

import java.util.Properties;
import java.util.stream.Stream;

/**
 * The versions of DJL and PyTorch that the library is tested with, as the build wrote them into
 * {@code versions.properties}.
 *
 * @param current the newest pair
 * @param cuda the newest pair that has natives for CUDA and a matching JNI library
 * @param cudaNatives artifact of those natives
 * @param olderCuda the pair before, for older drivers
 */
record EngineVersions(Pair current, Pair cuda, String cudaNatives, Pair olderCuda) {
  private static final EngineVersions VERSIONS = load();

  /** Versions of DJL and PyTorch that go together. */
  record Pair(String djl, String pytorch) {
    /** {@return the coordinates of the natives' artifact} */
    String natives(String artifact) {
      return "ai.djl.pytorch:" + artifact + ":" + pytorch;
    }

    /** {@return the coordinates of the JNI library} */
    String jni() {
      return "ai.djl.pytorch:pytorch-jni:" + pytorch + "-" + djl;
    }

    @Override
    public String toString() {
      return "DJL " + djl + " with " + pytorch;
    }
  }

  /** {@return the versions that this build was tested with} */
  static EngineVersions get() {
    return VERSIONS;
  }

  /** {@return the pair of a DJL, or the newest one if that DJL is not known} */
  Pair of(String djl) {
    return Stream.of(cuda, olderCuda)
        .filter(pair -> pair.djl().equals(djl))
        .findFirst()
        .orElse(current);
  }

  /** {@return the pairs that go together, for a message} */
  String pairs() {
    return "the versions that go together: " + current + ", " + cuda + ", " + olderCuda;
  }

  /** {@return the coordinates that CUDA needs, for a message} */
  String cudaPair() {
    return cuda.natives(cudaNatives) + " with " + cuda.jni() + " and DJL " + cuda.djl();
  }

  private static EngineVersions load() {
    Properties properties = LibraryVersion.properties();
    return new EngineVersions(
        pair(properties, "current"),
        pair(properties, "cuda"),
        properties.getProperty("cuda.natives", ""),
        pair(properties, "cuda121"));
  }

  private static Pair pair(Properties properties, String name) {
    return new Pair(
        properties.getProperty(name + ".djl", ""), properties.getProperty(name + ".pytorch", ""));
  }
}
