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
 * The object in a file that {@code torch.save} wrote, and the tensors that it refers to.
 *
 * <p>Every tensor in the pickle was checked to lie within its storage, whether or not anybody asks
 * for it. Not safe for concurrent use; the tensors that it gives out are.
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
   * {@return the object in a file that is one or the other}
   *
   * @param file the file's bytes
   * @param limits bounds on what it may ask for
   * @throws WeightsException if it is damaged, ambiguous, hostile, or beyond a limit
   */
  public static TorchFile read(WeightFile file, Limits limits) {
    return isZip(file) ? ZipFormat.read(file, limits) : LegacyFormat.read(file, limits);
  }

  /** {@return the object} */
  public PickleValue root() {
    return root;
  }

  /** {@return what may still be allocated for the contents of this file} */
  public MemoryBudget budget() {
    return budget;
  }

  /** {@return whether a value in the object is a tensor} */
  public static boolean isTensor(PickleValue value) {
    return TensorDescriptor.isTensor(value);
  }

  /**
   * {@return a tensor of the object, a view of the file where that is possible}
   *
   * @param value one for which {@link #isTensor} is true
   * @param key its name in the model, for errors
   * @throws WeightsException if its storage is missing, damaged or too small
   */
  public HostTensor tensor(PickleValue value, String key) {
    return tensors.read((Call) value, key);
  }

  /**
   * {@return the shape of a tensor of the object}
   *
   * @param value one for which {@link #isTensor} is true
   * @param key its name in the model, for errors
   */
  public Shape shape(PickleValue value, String key) {
    return tensors.shape((Call) value, key);
  }

  /**
   * Checks all tensors of the pickle, those too that the model does not have. To be called when the
   * model's own were read, so that an error names a parameter where it can.
   *
   * @throws WeightsException if one does not lie within its storage
   */
  public void checkRemainingTensors() {
    for (Call call : calls) {
      if (isTensor(call)) {
        tensors.check(call);
      }
    }
  }
}
