package ai.irmb.testing;

import ai.djl.util.cuda.CudaUtils;
import ai.irmb.Detector;
import ai.irmb.Precision;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.ops.torchscript.ScriptTarget;
import ai.irmb.internal.platform.Platform;
import ai.irmb.tensor.DType;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The device that a test runs on: the CPU in the ordinary groups; CUDA in the group {@code gpu}, or
 * what {@code -Dirmb.gpu.device} says.
 *
 * @param name as a detector takes it
 */
public record TestDevice(String name) {
  /** The device of the ordinary groups. */
  public static final TestDevice CPU = new TestDevice("cpu");

  /** What TF32's mantissa of 10 bits leaves of a reference network. */
  private static final double TF32_TOLERANCE = 5e-3;

  /** {@return the device of the group {@code gpu}} */
  public static TestDevice ofGpuGroup() {
    return new TestDevice(System.getProperty("irmb.gpu.device", "cuda"));
  }

  /** {@return whether it is a GPU} */
  public boolean isCuda() {
    return name.startsWith("cuda");
  }

  /** {@return whether the engine has the device; loads the engine} */
  public boolean isThere() {
    return !isCuda() || PyTorchEngine.get().device(null).isGpu();
  }

  /**
   * {@return whether float32 convolutions round to TF32: PyTorch's default on a GPU that has it,
   * unless NVIDIA's variable forbids it}
   */
  public boolean usesTf32() {
    return isCuda() && !"0".equals(System.getenv("NVIDIA_TF32_OVERRIDE"));
  }

  /** {@return the tolerance in float32, where full float32 has {@code exact}} */
  public double tolerance(double exact) {
    return usesTf32() ? Math.max(exact, TF32_TOLERANCE) : exact;
  }

  /** {@return the half precisions that a detector has on it} */
  public List<Precision> halfPrecisions() {
    List<Precision> all = new ArrayList<>();
    if (isCuda()) {
      all.add(Precision.FP16);
    }
    if (isCuda() || Platform.hasBf16()) {
      all.add(Precision.BF16);
    }
    return all;
  }

  /** {@return the target of CUDA's programs: on the GPU, or where there is none on the CPU} */
  public ScriptTarget cudaProgram(DType type) {
    return isCuda()
        ? ScriptTarget.cuda(PyTorchEngine.get().device(name).getDeviceId(), type)
        : ScriptTarget.cuda(0, type).onCpu();
  }

  /** {@return the memory of the GPU that is in use, in bytes, by whatever process} */
  public long usedMemory() {
    return CudaUtils.getGpuMemory(PyTorchEngine.get().device(name)).getUsed();
  }

  /** {@return the memory of the GPU that is free, in bytes} */
  public long freeMemory() {
    MemoryUsage memory = CudaUtils.getGpuMemory(PyTorchEngine.get().device(name));
    return memory.getMax() - memory.getUsed();
  }

  /** {@return a builder of a detector on it} */
  public Detector.Builder detector(Path weights) {
    return Detector.builder().weights(weights).device(name);
  }
}
