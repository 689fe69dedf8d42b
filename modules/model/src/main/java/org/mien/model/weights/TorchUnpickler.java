package org.mien.model.weights;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.Unpickler;

/**
 * Reads the pickles of PyTorch's files with an allow-list of classes and of instructions.
 *
 * <p>A pickle is a program that may call anything its reader can construct. The library keeps a
 * static table of constructors (dates, decimals, arrays, and a stand-in for every class it does not
 * know); this reader never consults it: the instructions that name a class are answered here, from
 * a list that holds tensors, storages and ordered dictionaries only.
 */
final class TorchUnpickler extends Unpickler {
  /** A class that is not on the list. */
  static final class ForeignClassException extends PickleException {
    private static final long serialVersionUID = 1L;

    ForeignClassException(String className) {
      super(className);
    }
  }

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
          Map.entry("torch.IntStorage", StorageType.INT));

  /** Longest class name and decimal number read; both end at a line feed. */
  private static final int MAX_LINE = 256;

  private final Map<String, StorageType> storageTypes = new HashMap<>();

  /** Reads one pickle from the stream, which has to know how much it holds. */
  Object read(ByteArrayInputStream in) throws IOException {
    memo = new HashMap<>();
    return load(in);
  }

  @Override
  protected Object dispatch(short instruction) throws IOException {
    return switch (instruction) {
      case Opcodes.PROTO,
          Opcodes.FRAME,
          Opcodes.STOP,
          Opcodes.MARK,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.LONG1,
          Opcodes.BINFLOAT,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE,
          Opcodes.TUPLE1,
          Opcodes.TUPLE2,
          Opcodes.TUPLE3,
          Opcodes.EMPTY_LIST,
          Opcodes.APPEND,
          Opcodes.APPENDS,
          Opcodes.BINGET,
          Opcodes.LONG_BINGET,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.MEMOIZE,
          Opcodes.SHORT_BINUNICODE,
          Opcodes.SHORT_BINSTRING,
          Opcodes.BINPERSID,
          Opcodes.REDUCE ->
          super.dispatch(instruction);
      case Opcodes.BINUNICODE, Opcodes.BINSTRING -> {
        requireLength();
        yield super.dispatch(instruction);
      }
      case Opcodes.EMPTY_DICT -> push(new LinkedHashMap<Object, Object>());
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        Object key = stack.pop();
        yield put(Arrays.asList(key, value));
      }
      // The library's own way goes through a HashMap and loses the order.
      case Opcodes.SETITEMS -> put(stack.pop_all_since_marker());
      case Opcodes.GLOBAL -> push(allowed(line(input) + "." + line(input)));
      case Opcodes.STACK_GLOBAL -> {
        Object name = stack.pop();
        yield push(allowed(stack.pop() + "." + name));
      }
      // The attributes of a state dictionary are its version numbers; nothing here needs them.
      case Opcodes.BUILD -> {
        stack.pop();
        yield NO_RETURN_VALUE;
      }
      default ->
          throw new PickleException(
              String.format(
                  "a pickle instruction 0x%02x that state dictionaries lack", instruction));
    };
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

  private Object push(Object value) {
    stack.add(value);
    return NO_RETURN_VALUE;
  }

  @SuppressWarnings("unchecked") // Only dictionary() and EMPTY_DICT make maps.
  private Object put(List<Object> keysAndValues) {
    Map<Object, Object> map = (Map<Object, Object>) stack.peek();
    for (int i = 0; i + 1 < keysAndValues.size(); i += 2) {
      map.put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
    return NO_RETURN_VALUE;
  }

  private static Object allowed(String className) {
    Object value = ALLOWED.get(className);
    if (value == null) {
      throw new ForeignClassException(className);
    }
    return value;
  }

  /** The string after this instruction must fit into what is left, before it is allocated. */
  private void requireLength() throws IOException {
    input.mark(Integer.BYTES);
    byte[] bytes = input.readNBytes(Integer.BYTES);
    input.reset();
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (length < 0 || length > input.available()) {
      throw new PickleException("a string of " + Integer.toUnsignedString(length) + " bytes");
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.length() == MAX_LINE) {
        throw new PickleException("a class name without end");
      }
      line.append((char) b);
    }
    return line.toString();
  }

  /** {@code OrderedDict()}, or with a list of pairs as Python 2 wrote it. */
  private static Object dictionary(Object[] arguments) {
    Map<Object, Object> dictionary = new LinkedHashMap<>();
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
