package dev.buzon.benchmark;

import java.util.List;

/** Names of people, another for each number below three million. */
final class Person {

    private static final List<String> FIRST = List.of(
            "Aitor", "Ana", "Begoña", "Íñigo", "Isabel", "Jorge", "José", "Juan", "Maria", "Pepe", "Ruben", "Carmen",
            "Lucía", "Mateo", "Hugo", "Sofía", "Elena", "Pablo", "Marta", "Nerea");
    private static final List<String> SYLLABLES = List.of(
            "ga", "ro", "men", "diaz", "lo", "pez", "san", "cho", "mar", "tin", "ruiz", "al", "va", "rez", "gó", "nez",
            "ber", "mú", "gil", "cas");

    private Person() {}

    static String name(int number) {
        int surnames = SYLLABLES.size() * SYLLABLES.size();
        // A prime, so that neighbours are strangers.
        int mixed = (int) (number * 1_299_709L % (FIRST.size() * surnames * surnames));
        return FIRST.get(mixed % FIRST.size())
                + surname(mixed / FIRST.size() % surnames)
                + surname(mixed / FIRST.size() / surnames);
    }

    private static String surname(int number) {
        String begin = SYLLABLES.get(number % SYLLABLES.size());
        return " " + Character.toUpperCase(begin.charAt(0)) + begin.substring(1)
                + SYLLABLES.get(number / SYLLABLES.size());
    }
}
