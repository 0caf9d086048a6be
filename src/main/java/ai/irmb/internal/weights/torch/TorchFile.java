package ai.irmb.internal.weights.torch;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.internal.weights.pickle.PickleValue.Call;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.List;

/**
 * A file that {@code torch.save} wrote: the pickled object and its tensors.
 *
 * <p>Not safe for concurrent use; the tensors that it returns are.
 */
public final class TorchFile {
  private final PickleValue root;
  private final TensorReader tensors;
  private final List<Call> calls;
  private final MemoryBudget budget;

  TorchFile(PickleValue root, TensorReader tensors, List<Call> calls, MemoryBudget budget) {
    this.budget = budget;
    this.root = root;
    this.tensors = tensors;
    this.calls = calls;
  }

  /** {@return whether a file is a zip by its first bytes} */
  public static boolean isZip(WeightFile file) {
    return ZipFormat.matches(file);
  }

  /** {@return whether a file is in the legacy format by its first bytes} */
  public static boolean isLegacy(WeightFile file) {
    return LegacyFormat.matches(file);
  }

  /**
   * {@return the content of a file in the zip or the legacy format}
   *
   * @param file the file's bytes
   * @param limits bounds the size of its parts
   * @throws WeightsException if it is damaged, ambiguous, hostile, or beyond a limit
   */
  public static TorchFile read(WeightFile file, Limits limits) {
    return isZip(file) ? ZipFormat.read(file, limits) : LegacyFormat.read(file, limits);
  }

  /** {@return the pickled object} */
  public PickleValue root() {
    return root;
  }

  /** {@return the memory budget for the contents of this file} */
  public MemoryBudget budget() {
    return budget;
  }

  /** {@return whether a pickled value is a tensor} */
  public static boolean isTensor(PickleValue value) {
    return TensorDescriptor.isTensor(value);
  }

  /**
   * {@return a tensor, a view of the file if it is contiguous}
   *
   * @param value one for which {@link #isTensor} is true
   * @param key its key in the state dict, for error messages
   * @throws WeightsException if its storage is missing, damaged or too small
   */
  public HostTensor tensor(PickleValue value, String key) {
    return tensors.read((Call) value, key);
  }

  /**
   * {@return the shape of a tensor}
   *
   * @param value one for which {@link #isTensor} is true
   * @param key its key in the state dict, for error messages
   */
  public Shape shape(PickleValue value, String key) {
    return tensors.shape((Call) value, key);
  }

  /**
   * Checks the tensors that were not read, such as an optimizer's. Call it after reading those of
   * the model, so that errors name a parameter where possible.
   *
   * @throws WeightsException if one is not within its storage
   */
  public void checkRemainingTensors() {
    for (Call call : calls) {
      if (isTensor(call)) {
        tensors.check(call);
      }
    }
  }
}
