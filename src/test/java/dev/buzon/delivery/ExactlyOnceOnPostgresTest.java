package dev.buzon.delivery;

import dev.buzon.TestHome;
import java.nio.file.Path;

class ExactlyOnceOnPostgresTest extends ExactlyOnceTest {

    @Override
    TestHome make(Path homeFolder) throws Exception {
        return super.make(homeFolder).onPostgres();
    }
}
