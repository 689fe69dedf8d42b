package org.mien.core.config;

import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;

/** Every configuration there could be. */
final class RecipeArbitraries {
  private RecipeArbitraries() {}

  static Arbitrary<Recipe> recipes() {
    return Combinators.combine(
            texts(), Arbitraries.longs(), data(), training(), losses(), expectations())
        .as(Recipe::new);
  }

  /** Any text but lone surrogates, which UTF-8 cannot hold; often text that looks like YAML. */
  static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings()
            .all()
            .ofMaxLength(12)
            .filter(text -> text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF)),
        Arbitraries.of(
            "",
            " ",
            "~",
            "null",
            "true",
            "5",
            "1e-3",
            ".inf",
            "0x1F",
            "- a",
            "a: b",
            "a #b",
            "[",
            "{",
            "'",
            "\"",
            "!x",
            "&a",
            "*a",
            "|",
            ">",
            "%",
            "@",
            "`",
            "${A}",
            "$${",
            "a\nb",
            "a\n",
            "\n",
            "\t",
            "<<",
            "=",
            "---",
            "...",
            "? ",
            "\u0085",
            "\u2028",
            "\uFEFF",
            "\0",
            "a\\b",
            "😀",
            "2001-01-01",
            " x",
            "x "));
  }

  private static Arbitrary<Path> paths() {
    return Arbitraries.of("", "a", "/a/b", "5", "a b", "${X}/y", "null", "é", ".", "..")
        .map(Path::of);
  }

  private static Arbitrary<Double> positive() {
    return Arbitraries.oneOf(
            Arbitraries.of(Double.MIN_VALUE, Double.MAX_VALUE, 1e-3, 1e7, 0.1, 64.0),
            Arbitraries.longs().map(Double::longBitsToDouble).map(Math::abs))
        .filter(d -> d > 0 && Double.isFinite(d));
  }

  private static Arbitrary<Double> fractions() {
    return Arbitraries.longs().map(bits -> (bits >>> 11) * 0x1p-53);
  }

  private static Arbitrary<Recipe.Data> data() {
    Arbitrary<Crop> crops =
        Arbitraries.oneOf(
            Arbitraries.just(new Crop.None()), fractions().map(f -> new Crop.Centre(1 - f)));
    Arbitrary<Recipe.Source> sources =
        Combinators.combine(paths(), positive()).as(Recipe.Source::new);
    return Combinators.combine(
            paths(),
            Arbitraries.of(ColorOrder.class),
            crops,
            fractions().list().ofMaxSize(3),
            sources.list().ofMaxSize(3),
            texts().list().ofMaxSize(3).optional())
        .as(Recipe.Data::new);
  }

  private static Arbitrary<Recipe.Training> training() {
    return Combinators.combine(
            Arbitraries.integers().between(1, Integer.MAX_VALUE),
            Arbitraries.integers().between(1, 2048).map(n -> 2 * n),
            positive(),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(1, Integer.MAX_VALUE).optional(),
            Arbitraries.oneOf(positive(), Arbitraries.just(0.0), Arbitraries.just(-0.0)).optional())
        .as(Recipe.Training::new);
  }

  private static Arbitrary<Recipe.Loss> losses() {
    return Arbitraries.oneOf(
        Arbitraries.just(new Recipe.Softmax()),
        Combinators.combine(fractions(), positive()).as(Recipe.ArcFace::new));
  }

  private static Arbitrary<java.util.Map<String, Recipe.Expectation>> expectations() {
    return Arbitraries.maps(texts(), positive().map(Recipe.Expectation::new)).ofMaxSize(3);
  }
}
