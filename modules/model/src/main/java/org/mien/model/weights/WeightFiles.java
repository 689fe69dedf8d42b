package org.mien.model.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.util.ModelSerializer;
import org.mien.core.error.DataException;

/** Opens a file of weights of any format that Mien reads, told by its content. */
public final class WeightFiles {
  private static final int BEGINNING = 512;
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};

  /** How a list of MXNet's arrays begins. */
  private static final long MXNET = 0x112;

  private static final String EXPECTED =
      "expected a state dictionary of PyTorch (.pth, .pt), .safetensors, an HDF5 file of Keras"
          + " (.h5), an ONNX model (.onnx), a manifest of TensorFlow.js"
          + " (*-weights_manifest.json) or a zip of Deeplearning4j";

  private WeightFiles() {}

  /**
   * Reads the names and shapes of a file's tensors; most formats read values only when they are
   * asked for.
   *
   * <p>Whatever the file's type of number, values come as 32-bit floats: 16-bit ones ({@code
   * float16}, {@code bfloat16}) exactly, 64-bit ones rounded.
   *
   * @throws DataException if the file is missing, of none of these formats, or damaged
   * @see TorchWeights
   * @see SafetensorsWeights
   * @see KerasWeights
   * @see OnnxWeights
   * @see TfjsWeights
   * @see Deeplearning4jWeights
   */
  public static StateDictionary open(Path file) {
    byte[] beginning;
    long size;
    try (InputStream in = Files.newInputStream(file)) {
      beginning = in.readNBytes(BEGINNING);
      size = Files.size(file);
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "no such file; " + EXPECTED, e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e + "); " + EXPECTED, e);
    }
    if (isSafetensors(beginning, size)) {
      return SafetensorsWeights.read(file);
    }
    if (startsWith(beginning, HDF5)) {
      return KerasWeights.read(file);
    }
    if (startsWith(beginning, new byte[] {'P', 'K', 3, 4})) {
      return zip(file);
    }
    int first = beginning.length == 0 ? -1 : beginning[0] & 0xFF;
    if (first == 0x80) {
      return TorchWeights.read(file);
    }
    // The version of the format comes first in every ONNX model: field 1, a number.
    if (first == 0x08) {
      return OnnxWeights.read(file);
    }
    String text = new String(beginning, StandardCharsets.UTF_8).strip();
    if (text.startsWith("[") || text.startsWith("{")) {
      return TfjsWeights.read(file);
    }
    throw DataException.in(file, "not a file of weights: " + guess(beginning, text) + EXPECTED);
  }

  private static boolean isSafetensors(byte[] beginning, long size) {
    if (beginning.length <= Long.BYTES || beginning[Long.BYTES] != '{') {
      return false;
    }
    long length = firstLong(beginning);
    // A damaged length is still told by the format's own reader, as long as it can be one.
    return length > 0 && (length <= size || length < 1L << 32);
  }

  private static long firstLong(byte[] beginning) {
    return ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static boolean startsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  private static StateDictionary zip(Path file) {
    boolean torch;
    boolean deeplearning4j;
    boolean keras3;
    List<String> names;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      torch = zip.stream().map(ZipEntry::getName).anyMatch(n -> n.matches("[^/]+/data\\.pkl"));
      deeplearning4j = zip.getEntry(ModelSerializer.CONFIGURATION_JSON) != null;
      keras3 = zip.getEntry("model.weights.h5") != null;
      names = zip.stream().map(ZipEntry::getName).limit(5).toList();
    } catch (IOException | IllegalArgumentException e) {
      throw DataException.in(file, "a damaged or truncated zip (" + e.getMessage() + ")", e);
    }
    if (torch && !deeplearning4j) {
      return TorchWeights.read(file);
    }
    if (deeplearning4j && !torch) {
      return Deeplearning4jWeights.read(file);
    }
    throw DataException.in(
        file,
        keras3
            ? "a model of Keras 3; save its weights with model.save_weights('NAME.h5') of Keras 2,"
                + " or unpack model.weights.h5"
            : "a zip of "
                + names
                + (torch ? ", both PyTorch's and Deeplearning4j's; " : "; ")
                + EXPECTED);
  }

  /** What people download instead of weights. */
  private static String guess(byte[] beginning, String text) {
    if (beginning.length == 0) {
      return "it is empty; ";
    }
    if (text.startsWith("version https://git-lfs")) {
      return "a pointer of Git LFS, which stands for a file that was not fetched (git lfs pull); ";
    }
    if (text.startsWith("<")) {
      return "a web page, perhaps of a download that asks for consent; ";
    }
    if (beginning.length >= Long.BYTES && firstLong(beginning) == MXNET) {
      return "parameters of MXNet, which have to be converted to ONNX first; ";
    }
    if (startsWith(beginning, new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'})) {
      return "an array of NumPy; ";
    }
    return String.format("it starts with the byte 0x%02x; ", beginning[0] & 0xFF);
  }
}
