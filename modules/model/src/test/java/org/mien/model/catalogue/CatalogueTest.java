package org.mien.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.backbone.BackboneConfig;

class CatalogueTest {
  /** A recipe's section as far as it concerns a backbone. */
  record Section(@Setting("A backbone.") BackboneConfig backbone) {}

  private static Set<String> types(Class<?> variant) {
    Set<String> names = new TreeSet<>();
    if (variant.isSealed()) {
      Arrays.stream(variant.getPermittedSubclasses()).forEach(c -> names.addAll(types(c)));
    } else {
      names.add(variant.getAnnotation(TypeName.class).value());
    }
    return names;
  }

  @Test
  void everyNetworkSaysWhatIsVerifiedAndWhatIsNot() {
    List<PretrainedNetwork> networks = Catalogue.shipped().networks();
    assertTrue(networks.size() >= 15);
    for (PretrainedNetwork network : networks) {
      for (String text :
          List.of(
              network.origin(),
              network.file(),
              network.terms(),
              network.input(),
              network.published(),
              network.verified(),
              network.unverified())) {
        assertFalse(text.isBlank(), network.name());
      }
    }
  }

  @Test
  void everyRecipeOfABackboneThatExistsHereIsRead() {
    Set<String> known = types(BackboneConfig.class);
    int read = 0;
    for (PretrainedNetwork network : Catalogue.shipped().networks()) {
      String type = network.recipe().replaceAll("^\\{type: ([a-z0-9-]+),.*$", "$1");
      if (known.contains(type)) {
        String yaml = "backbone: " + network.recipeFor("/data/it's: here.onnx") + "\n";
        BackboneConfig config =
            ConfigLoader.parse(yaml, network.name(), Section.class, List.of(), Map.of())
                .value()
                .backbone();
        assertEquals(type, config.getClass().getAnnotation(TypeName.class).value());
        read++;
      }
    }
    assertTrue(read >= 6, "read " + read);
  }

  @Test
  void aNetworkIsFoundByItsName() {
    assertEquals(2048, Catalogue.shipped().named("torchvision-resnet50").orElseThrow().dimension());
    assertTrue(Catalogue.shipped().named("another").isEmpty());
  }
}
