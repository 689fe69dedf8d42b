package org.mien.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time of one image, each alone in its process; {@link DecodeRounds} compares side by side. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@State(Scope.Thread)
public class DecodeBenchmark {
  /** A folder of JPEGs. */
  @Param("")
  public String images;

  private final Decoders decoders = new Decoders();
  private byte[][] jpegs;
  private int next;

  @Setup
  public void readImages() throws IOException {
    jpegs = EncodedFaces.of(Path.of(images), 300);
  }

  @Benchmark
  public float[] mien() {
    decoders.mien(jpeg());
    return decoders.input;
  }

  @Benchmark
  public float[] mienReduced() {
    decoders.mienReduced(jpeg());
    return decoders.input;
  }

  @Benchmark
  public void openCvAlone() {
    decoders.openCvAlone(jpeg());
  }

  @Benchmark
  public Object dataVec() {
    decoders.dataVec(jpeg());
    return decoders.made;
  }

  private byte[] jpeg() {
    next = (next + 1) % jpegs.length;
    return jpegs[next];
  }
}
