export const usage = `Usage: npm run cms -- COMMAND [options]

The SmartServer side of license management.

With network
  link --url URL --install-code CODE --customer-id ID    link this SmartServer to a customer/project
       [--segment-name NAME] [--software-version VERSION] [--root-key FILE]
  available                                              licenses that the account has in the cloud
  download LICENSE_ID… | --all                           download licenses from the cloud and activate them here
  return LICENSE_ID… | --all [--yes]                     transfer licenses back to the cloud
  notifications                                          who is told by e-mail that maintenance ends, and when
       [--contacts on|off] [--recipients A@B,C@D|none]    … or changes it
       [--thresholds DAYS,DAYS|none] [--expirations on|off] [--renewals on|off] [--language en|de]
       [--test]                                          … and sends all of them a test e-mail

Without network
  init --install-code CODE --root-key FILE               set up a SmartServer that never sees the network
       [--segment-name NAME] [--software-version VERSION]
  request [--out FILE]                                   make a request file (.req) for the License Customer Portal
  add FILE                                               add licenses from a license file (.lic)
  return --offline LICENSE_ID… | --all [--out FILE]      remove licenses and make the receipt (.ret) that frees them

Both
  licenses                                               the Manage Licenses table
  upgrade-check --to VERSION [--from VERSION]            may this SmartServer install that release? The cloud is asked
       [--offline [--release-class platform]]            … or with --offline the stored license document
  coverage [--offline]                                   does its maintenance cover its capacity, and until when?
  verify                                                 verify the stored license document: root key only, no network

Options
  --folder FOLDER      where device key, settings and licenses are kept (./.smartserver)
  --user-type TYPE     type of the CMS user; only an owner may manage licenses (owner)
  --json               print JSON, for machines
  --yes                answer questions with yes
  --help               print this

A setting that link or init was given once need not be given again. Exit code: 0 done, 1 problem, 2 wrong use.`;
