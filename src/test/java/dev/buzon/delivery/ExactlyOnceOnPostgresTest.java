package dev.buzon.delivery;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.LongForm;
import dev.buzon.TestHome;
import java.nio.file.Path;
import org.junit.jupiter.api.TestInfo;

/** As {@link ExactlyOnceTest}, with a ledger on a server: in each build what its SQL, locks and restarts decide. */
class ExactlyOnceOnPostgresTest extends ExactlyOnceTest {

    @Override
    TestHome make(Path homeFolder, TestInfo test) throws Exception {
        assumeTrue(
                test.getTags().contains(ON_A_SERVER_TOO) || Boolean.getBoolean(LongForm.PROPERTY),
                "a part of the long form: -Pfaults");
        return super.make(homeFolder, test).onPostgres();
    }
}
