package org.mien.model.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;

class BackboneConfigTest {
  @Test
  void everyVariantIsARecordWithANameAndDescribedKeys() {
    List<Class<?>> variants = variants(BackboneConfig.class);
    List<String> names =
        variants.stream().map(variant -> variant.getAnnotation(TypeName.class).value()).toList();
    assertEquals(
        List.of(
            "resnet",
            "small-resnet",
            "vgg",
            "vgg-face",
            "googlenet",
            "se-resnet",
            "inception-resnet-v1",
            "iresnet",
            "mobilefacenet",
            "ghostfacenet",
            "dlib-resnet29",
            "onnx-graph",
            "onnx",
            "built-in"),
        names);
    for (Class<?> variant : variants) {
      for (var component : variant.getRecordComponents()) {
        assertNotNull(component.getAnnotation(Setting.class), variant + " " + component);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 49, 200})
  void aDepthThatIsNoResNetIsRefused(int depth) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new ResNetConfig(depth, Optional.empty(), Optional.empty()))
            .getMessage();
    assertTrue(message.contains("18, 34, 50, 101 or 152, was " + depth), message);
  }

  @Test
  void anInputTooSmallForFiveHalvingsIsRefused() {
    Preprocessing small =
        new Preprocessing(
            31,
            64,
            ColorOrder.RGB,
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0),
            new Crop.None(),
            "any");
    assertThrows(
        IllegalArgumentException.class,
        () -> new ResNetConfig(18, Optional.empty(), Optional.of(small)));
  }

  @Test
  void inputsThatANetworkCannotTakeAreRefusedWithAWayOut() {
    Optional<Preprocessing> crop = Optional.of(Golden.plain(112, 112));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new VggConfig(16, true, VggFeatures.FC7, Optional.empty(), crop))
            .getMessage();
    assertTrue(message.contains("224x224") && message.contains("was 112x112"), message);
    assertTrue(message.contains("features: pooled"), message);
    assertEquals(
        crop.get(), new VggConfig(16, true, VggFeatures.POOLED, Optional.empty(), crop).input());
    assertThrows(
        IllegalArgumentException.class,
        () -> new VggConfig(12, true, VggFeatures.POOLED, Optional.empty(), crop));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SeResNetConfig(60, Optional.empty(), Optional.empty()));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new InceptionResNetV1Config(
                InceptionResNetV1Config.Features.POOLED,
                Optional.empty(),
                Optional.of(Golden.plain(74, 160))));
  }

  @Test
  void widthsAndBlocksMustMatch() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SmallResNetConfig(List.of(8, 16), List.of(1), Optional.empty()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SmallResNetConfig(List.of(0), List.of(1), Optional.empty()));
  }

  @Test
  void aBuiltInNameCannotLeaveItsFolder() {
    assertThrows(IllegalArgumentException.class, () -> new BuiltInBackboneConfig("../secret"));
    assertEquals("synthetic-small", new BuiltInBackboneConfig("synthetic-small").name());
  }

  private static List<Class<?>> variants(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(
            variant ->
                variant.isInterface() ? variants(variant).stream() : Stream.<Class<?>>of(variant))
        .toList();
  }
}
