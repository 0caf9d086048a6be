package ai.irmb.internal.weights.torch;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.pickle.PersistentIdResolver;
import ai.irmb.internal.weights.pickle.PickleReader;
import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.internal.weights.pickle.PickleValue.BigInt;
import ai.irmb.internal.weights.pickle.PickleValue.Bool;
import ai.irmb.internal.weights.pickle.PickleValue.Call;
import ai.irmb.internal.weights.pickle.PickleValue.Dict;
import ai.irmb.internal.weights.pickle.PickleValue.Global;
import ai.irmb.internal.weights.pickle.PickleValue.Int;
import ai.irmb.internal.weights.pickle.PickleValue.PersistentId;
import ai.irmb.internal.weights.pickle.PickleValue.Sequence;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the format of torch before 1.6: five pickles, followed by the storages. */
final class LegacyFormat {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

  /** PROTO 2, LONG1 of ten bytes: the magic number as every version of torch wrote it. */
  private static final byte[] MAGIC_BYTES = {
    (byte) 0x80,
    2,
    (byte) 0x8A,
    10,
    0x6C,
    (byte) 0xFC,
    (byte) 0x9C,
    0x46,
    (byte) 0xF9,
    0x20,
    0x6A,
    (byte) 0xA8,
    0x50,
    0x19
  };

  private static final long PROTOCOL = 1001;

  private final WeightFile file;
  private final Limits limits;
  private final MemoryBudget budget;
  private final Map<String, StorageId> declaredStorages = new HashMap<>();
  private long position;

  private LegacyFormat(WeightFile file, Limits limits) {
    this.file = file;
    this.limits = limits;
    this.budget = new MemoryBudget(file.size());
  }

  static boolean matches(WeightFile file) {
    return file.startsWith(MAGIC_BYTES);
  }

  static TorchFile read(WeightFile file, Limits limits) {
    return new LegacyFormat(file, limits).read();
  }

  private TorchFile read() {
    checkHead();
    List<Call> calls = new ArrayList<>();
    PickleValue root = readPickle("object", this::resolve, calls);
    PickleValue keys = readPickle("storage keys", PersistentIdResolver.NONE, new ArrayList<>());
    LegacyStorages storages = new LegacyStorages(file, position, toKeys(keys), declaredStorages);
    TensorReader tensors =
        new TensorReader(file.name(), storages, StorageId::ofLegacy, limits, budget);
    return new TorchFile(root, tensors, calls, budget);
  }

  private void checkHead() {
    if (!(readPickle("magic number", PersistentIdResolver.NONE, new ArrayList<>())
            instanceof BigInt magic)
        || !magic.value().equals(MAGIC)) {
      throw error("the magic number of torch.save is wrong");
    }
    if (!(readPickle("protocol", PersistentIdResolver.NONE, new ArrayList<>())
            instanceof Int protocol)
        || protocol.value() != PROTOCOL) {
      throw error("the protocol is not " + PROTOCOL + ", the only one of this format");
    }
    if (!(readPickle("system", PersistentIdResolver.NONE, new ArrayList<>())
        instanceof Dict system)) {
      throw error("the description of the system is not a dict");
    }
    if (system.get("little_endian") instanceof Bool little && !little.value()) {
      throw error("this legacy file was written on a big-endian machine, which is not supported");
    }
  }

  private PickleValue readPickle(String section, PersistentIdResolver ids, List<Call> calls) {
    // The limit bounds all five pickles together, up to the current position.
    long length = Math.min(file.size() - position, limits.get(Limit.PICKLE_BYTES) - position);
    if (length <= 0) {
      throw error(
          "the file is truncated before its "
              + section
              + ", or its pickles have more bytes than "
              + LimitMessages.limit(limits, Limit.PICKLE_BYTES));
    }
    PickleReader reader =
        new PickleReader(
            file.slice(position, Math.min(length, 1 << 30)),
            file.name() + ": " + section,
            position,
            limits,
            budget,
            ids);
    PickleValue value = reader.read();
    position += reader.position();
    calls.addAll(reader.recordedCalls());
    return value;
  }

  private @Nullable PickleValue resolve(PersistentId external) {
    List<PickleValue> id = external.id().items();
    // A class is followed by the name and text of its source file, which are not needed.
    if (id.size() == 4
        && id.get(0) instanceof Text kind
        && kind.value().equals("module")
        && id.get(1) instanceof Global) {
      return id.get(1);
    }
    StorageId storage = StorageId.ofLegacy(external);
    if (storage == null) {
      return null;
    }
    StorageId first = declaredStorages.putIfAbsent(storage.key(), storage);
    if (first != null && !first.hasSameTypeAndCount(storage)) {
      throw error(
          "storage "
              + Quoting.quote(storage.key())
              + " is declared twice, with different type or size");
    }
    return external;
  }

  private List<String> toKeys(PickleValue value) {
    List<String> keys = new ArrayList<>();
    if (!(value instanceof Sequence list)) {
      throw error("the storage keys are not a list");
    }
    for (PickleValue item : list.items()) {
      if (!(item instanceof Text key)) {
        throw error("a storage key is not text");
      }
      keys.add(key.value());
    }
    return keys;
  }

  private WeightsException error(String problem) {
    return new WeightsException(file.name() + ": " + problem);
  }
}
