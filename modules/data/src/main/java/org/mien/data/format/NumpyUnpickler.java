package org.mien.data.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.PickleException;
import org.mien.core.pickle.RestrictedUnpickler;

/**
 * Reads pickles of lists, byte strings, truth values and numpy arrays of bytes and truth values:
 * what verification sets hold. numpy writes an array as a call that makes an empty one and a state
 * that fills it (numpy {@code core/src/multiarray/methods.c}, {@code array_reduce}), or, with
 * protocol 5, as a call with its buffer.
 */
final class NumpyUnpickler extends RestrictedUnpickler {
  /** Shorter byte strings are copied: a view takes as much memory. */
  private static final int SHORT = 64;

  private final byte[] pickle;

  /**
   * @param pickle what {@link #read} will be given. Texts that calls turn into bytes may not take
   *     more together, or a pickle that calls for the same large text again and again would fill
   *     any memory
   */
  NumpyUnpickler(byte[] pickle) {
    super(allowed(new Budget(pickle.length)));
    this.pickle = pickle;
  }

  /** A part of an array. */
  @SuppressWarnings("ArrayRecordComponent") // a view, never compared
  record ByteSpan(byte[] array, int offset, int length) {
    static ByteSpan of(byte[] bytes) {
      return new ByteSpan(bytes, 0, bytes.length);
    }

    byte[] copy() {
      return Arrays.copyOfRange(array, offset, offset + length);
    }
  }

  /** A long byte string stays where it lies in the pickle. */
  @Override
  protected Object byteString(InputStream in, int length) throws IOException {
    if (length < SHORT) {
      return super.byteString(in, length);
    }
    int offset = pickle.length - in.available();
    in.skipNBytes(length);
    return new ByteSpan(pickle, offset, length);
  }

  /** How many bytes calls may still make. */
  private static final class Budget {
    private long left;

    Budget(long bytes) {
      left = bytes;
    }

    void take(long bytes) {
      left -= bytes;
      if (left < 0) {
        throw new PickleException("calls that make more bytes than the pickle has");
      }
    }
  }

  private static Map<String, IObjectConstructor> allowed(Budget budget) {
    Map<String, IObjectConstructor> allowed = new HashMap<>();
    allowed.put("_codecs.encode", arguments -> encode(budget, arguments));
    allowed.put("numpy.ndarray", arguments -> refuse("numpy.ndarray is not called by itself"));
    allowed.put("numpy.dtype", NumpyUnpickler::type);
    for (String core : List.of("numpy.core", "numpy._core")) {
      allowed.put(core + ".multiarray._reconstruct", arguments -> new NumpyArray(budget));
      allowed.put(core + ".multiarray.scalar", NumpyUnpickler::scalar);
      allowed.put(core + ".numeric._frombuffer", arguments -> fromBuffer(budget, arguments));
    }
    return allowed;
  }

  /** An array of elements of one byte, flattened. */
  static final class NumpyArray implements Stateful {
    private final Budget budget;
    private NumpyType type;
    private ByteSpan bytes = ByteSpan.of(new byte[0]);

    NumpyArray(Budget budget) {
      this.budget = budget;
    }

    /** Takes {@code (version, shape, dtype, Fortran order, bytes or list)}. */
    @Override
    public void setState(Object state) {
      if (!(state instanceof Object[] parts)
          || parts.length != 5
          || !(parts[1] instanceof Object[] shape)
          || !(parts[2] instanceof NumpyType ofElements)) {
        throw new PickleException(
            "an array whose state is not (version, shape, type, order, data)");
      }
      type = ofElements;
      if (parts[4] instanceof String text) {
        budget.take(text.length());
      }
      bytes = checked(bytesOf(parts[4]), shape);
    }

    ByteSpan bytes() {
      return bytes;
    }

    /** Returns whether the elements are truth values. */
    boolean isBoolean() {
      return type != null && type.isBoolean();
    }

    private static ByteSpan checked(ByteSpan bytes, Object[] shape) {
      long elements = 1;
      for (Object side : shape) {
        if (!(side instanceof Number number) || number.longValue() < 0) {
          throw new PickleException("an array whose shape is not made of counts");
        }
        elements = Math.multiplyExact(elements, number.longValue());
      }
      if (elements != bytes.length()) {
        throw new PickleException(
            "an array of shape " + Arrays.toString(shape) + " with " + bytes.length() + " bytes");
      }
      return bytes;
    }
  }

  /** The type of an array's elements: {@code u1}, {@code i1} or {@code b1}. */
  record NumpyType(String code) implements Stateful {
    boolean isBoolean() {
      return code.equals("b1");
    }

    /** Byte order and the like: single bytes have none. */
    @Override
    public void setState(Object state) {}
  }

  /** {@code dtype(code, align, copy)}. */
  private static Object type(Object[] arguments) {
    String code = arguments.length > 0 && arguments[0] instanceof String text ? text : "unknown";
    if (!List.of("u1", "i1", "b1").contains(code)) {
      throw new PickleException("an array of " + code + "; expected u1, i1 or b1");
    }
    return new NumpyType(code);
  }

  /** {@code scalar(dtype, bytes)}. */
  private static Object scalar(Object[] arguments) {
    if (arguments.length != 2 || !(arguments[0] instanceof NumpyType)) {
      throw new PickleException("a numpy scalar of an unexpected type");
    }
    if (arguments[1] instanceof byte[] bytes && bytes.length == 1) {
      return (int) bytes[0];
    }
    if (arguments[1] instanceof String text && text.length() == 1) {
      return (int) (byte) text.charAt(0);
    }
    throw new PickleException("a numpy scalar that is not one byte");
  }

  /** {@code _frombuffer(buffer, dtype, shape, order)}. */
  private static Object fromBuffer(Budget budget, Object[] arguments) {
    if (arguments.length != 4
        || !(arguments[1] instanceof NumpyType type)
        || !(arguments[2] instanceof Object[] shape)) {
      throw new PickleException("an array's buffer of an unexpected type");
    }
    NumpyArray array = new NumpyArray(budget);
    array.setState(new Object[] {1, shape, type, false, arguments[0]});
    return array;
  }

  /** {@code _codecs.encode(text, 'latin1')}: how Python 3 writes bytes in old protocols. */
  private static Object encode(Budget budget, Object[] arguments) {
    if (arguments.length != 2
        || !(arguments[0] instanceof String text)
        || !("latin1".equals(arguments[1]) || "latin-1".equals(arguments[1]))) {
      throw new PickleException("a text in an encoding other than latin1");
    }
    budget.take(text.length());
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Object refuse(String reason) {
    throw new PickleException(reason);
  }

  /** Returns the bytes of a byte string of either Python, or of an array. */
  static ByteSpan bytesOf(Object value) {
    if (value instanceof ByteSpan span) {
      return span;
    }
    if (value instanceof byte[] bytes) {
      return ByteSpan.of(bytes);
    }
    if (value instanceof String text) {
      return ByteSpan.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    if (value instanceof NumpyArray array) {
      return array.bytes();
    }
    throw new PickleException(
        "expected bytes, found " + (value == null ? "None" : value.getClass().getSimpleName()));
  }

  /** Returns the elements of a list, a tuple or an array. */
  static List<Object> listOf(Object value) {
    if (value instanceof List<?> list) {
      return new ArrayList<>(list);
    }
    if (value instanceof Object[] tuple) {
      return new ArrayList<>(Arrays.asList(tuple));
    }
    if (value instanceof NumpyArray array) {
      List<Object> elements = new ArrayList<>();
      for (byte element : array.bytes().copy()) {
        elements.add((int) element);
      }
      return elements;
    }
    throw new PickleException(
        "expected a list, found " + (value == null ? "None" : value.getClass().getSimpleName()));
  }
}
