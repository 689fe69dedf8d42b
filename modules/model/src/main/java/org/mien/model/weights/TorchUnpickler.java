package org.mien.model.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.PickleException;
import org.mien.core.pickle.RestrictedUnpickler;

/** Reads the pickles of PyTorch's files: tensors, storages and ordered dictionaries only. */
final class TorchUnpickler extends RestrictedUnpickler {
  private static final Map<String, Object> ALLOWED =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", (IObjectConstructor) TorchUnpickler::dictionary),
          Map.entry("torch._utils._rebuild_tensor", (IObjectConstructor) TorchUnpickler::tensor),
          Map.entry("torch._utils._rebuild_tensor_v2", (IObjectConstructor) TorchUnpickler::tensor),
          Map.entry(
              "torch._utils._rebuild_parameter", (IObjectConstructor) arguments -> arguments[0]),
          Map.entry("torch.FloatStorage", StorageType.FLOAT),
          Map.entry("torch.DoubleStorage", StorageType.DOUBLE),
          Map.entry("torch.HalfStorage", StorageType.HALF),
          Map.entry("torch.BFloat16Storage", StorageType.BFLOAT16),
          Map.entry("torch.LongStorage", StorageType.LONG),
          Map.entry("torch.IntStorage", StorageType.INT),
          Map.entry("torch.ShortStorage", StorageType.SHORT),
          Map.entry("torch.CharStorage", StorageType.BYTE),
          Map.entry("torch.ByteStorage", StorageType.UNSIGNED_BYTE),
          Map.entry("torch.BoolStorage", StorageType.BOOL));

  private final Map<String, StorageType> storageTypes = new HashMap<>();

  TorchUnpickler() {
    super(ALLOWED);
  }

  @Override
  protected Object persistentLoad(Object identifier) {
    Object[] parts = (Object[]) identifier;
    if (parts.length < 5
        || !"storage".equals(parts[0])
        || !(parts[1] instanceof StorageType type)
        || !(parts[4] instanceof Number elements)
        || elements.longValue() < 0) {
      throw new PickleException("a reference to something that is not a storage");
    }
    String key = String.valueOf(parts[2]);
    storageTypes.put(key, type);
    return new TorchTensor.Storage(type, key, elements.longValue());
  }

  /** The element type of every storage that was referred to, by its key. */
  Map<String, StorageType> storageTypes() {
    return storageTypes;
  }

  /** {@code OrderedDict()}, or with a list of pairs as Python 2 wrote it. */
  private static Object dictionary(Object[] arguments) {
    Map<Object, Object> dictionary = newDictionary();
    if (arguments.length > 0) {
      for (Object pair : (List<?>) arguments[0]) {
        List<?> entry = pair instanceof Object[] tuple ? List.of(tuple) : (List<?>) pair;
        dictionary.put(entry.get(0), entry.get(1));
      }
    }
    return dictionary;
  }

  /** {@code (storage, offset, shape, strides, ...)}. */
  private static Object tensor(Object[] arguments) {
    return new TorchTensor(
        (TorchTensor.Storage) arguments[0],
        ((Number) arguments[1]).longValue(),
        longs(arguments[2]),
        longs(arguments[3]));
  }

  private static List<Long> longs(Object tuple) {
    List<Long> longs = new ArrayList<>();
    for (Object value : (Object[]) tuple) {
      longs.add(((Number) value).longValue());
    }
    return longs;
  }
}
