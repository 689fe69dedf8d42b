package org.mien.data.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;

class IdentityNameTest {
  @Test
  void spellingsOfOneNameAreEqual() {
    IdentityName name = IdentityName.of("Gerhard_Schroeder");
    assertEquals(name, IdentityName.of("gerhard schroeder"));
    assertEquals(name, IdentityName.of("  GERHARD--SCHROEDER "));
    assertEquals(IdentityName.of("José_Núñez"), IdentityName.of("Jose Nunez"));
    assertEquals(
        IdentityName.of("José"),
        IdentityName.of(Normalizer.normalize("José", Normalizer.Form.NFD)));
    assertEquals(IdentityName.of("Sinead O'Connor"), IdentityName.of("Sinéad_OConnor"));
    assertEquals(IdentityName.of("Robert Downey Jr."), IdentityName.of("Robert_Downey_Jr"));
    assertEquals(IdentityName.of("Roh_Moo-hyun"), IdentityName.of("roh moo hyun"));
    assertEquals(IdentityName.of("Lech Wałęsa"), IdentityName.of("Lech_Walesa"));
    assertEquals(IdentityName.of("Strauß"), IdentityName.of("Strauss"));
  }

  @Test
  void differentNamesStayDifferent() {
    assertNotEquals(IdentityName.of("person_01"), IdentityName.of("person_10"));
    assertNotEquals(IdentityName.of("Anna_Jones"), IdentityName.of("Ann_Jones"));
    // Vowel signs of other scripts are letters to their readers: mi is not ma.
    assertNotEquals(IdentityName.of("मी"), IdentityName.of("मा"));
  }
}
