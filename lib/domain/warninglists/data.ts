/**
 * Rows of the MISP warning lists (github.com/MISP/misp-warninglists, CC0 1.0), carried over as facts: what is on one of
 * them is more often a mistake than a find. Words are separated by blanks.
 */

/** Well-known services: `moz-top500`, `cisco_top1000`, `google`. */
export const POPULAR_HOSTS = `
1.connectivity-test.static.microsoft 1.nflxso.net 123rf.com 1d.tlu.dl.delivery.mp.microsoft.com 1e100.net 1rx.io
2.connectivity-test.static.microsoft 20minutos.es 23.in-addr.arpa 2mdn.net 3.in-addr.arpa 33across.com 360yield.com 3ds.com
3lift.com 466453.com 4shared.com _dns.resolver.arpa a-mo.net a-ring.msedge.net a.nel.cloudflare.com a.spatterson.dev.auvik.com
a2z.com aa-rt.sharepoint.com aa.agkn.com aadcdn.msauth.net aadcdn.msftauth.net aaplimg.com abc.es abc.net.au abc.xyz abcnews.com
abcnews.go.com about.com aboutads.info abril.com.br academia.edu access-point.cloudmessaging.edge.microsoft.com
accountcapabilities-pa.googleapis.com accounts.google.com accounts.youtube.com acdc-direct.office.com acdn.adnxs.com
acrobat.adobe.com acrobat.com acroipm2.adobe.com activity.windows.com ad.360yield.com ad.doubleclick.net ad.smaato.net
addin.insights.static.microsoft addons-pa.clients6.google.com addthis.com addtoany.com ade.googlesyndication.com adform.net
admin.microsoft.com admob.com adnxs.com adobe.com adobe.io adobedc.net adobedtm.com adobelogin.com ads.aps.amazon-adsystem.com
ads.google.com ads.linkedin.com ads.pubmatic.com ads.yieldmo.com adsafeprotected.com adsense.com adservice.google.com adsrvr.org
adssettings.google.com adtrafficquality.google advertisercommunity.com adwords.com adx.opera.com aefd.nelreports.net
aepxlg.adobe.com afternic.com agents.manage.microsoft.com agentsnfb1.manage.microsoft.com agentsnfb2.manage.microsoft.com
agentsnfbsec.manage.microsoft.com agentsnpri.manage.microsoft.com agentsnprim.manage.microsoft.com agkn.com ai.google airbnb.com
ajax.googleapis.com akamaihd.net aks-prod-eastus.access-point.cloudmessaging.edge.microsoft.com ali.gwfb.net alicdn.com
aliexpress.com allaboutcookies.org amazon-adsystem.com amazon.ca amazon.co.jp amazon.co.uk amazon.co.za amazon.com amazon.de
amazon.dev amazon.es amazon.fr amazon.it amazonaws.com amazontrust.com amcdn.msftauth.net amd-infra.itunes.apple.com ameblo.jp
amp-api-edge.apps.apple.com amp-api.media.apple.com amplitude.com ampproject.org amzn.to analytics.google.com
analytics.tiktok.com analytics.yahoo.com android.apis.google.com android.clients.google.com android.com android.googleapis.com
aol.com ap.lijit.com apache.org api-noam.flightproxy.teams.microsoft.com api.amazon.com api.cdp.microsoft.com
api.flightproxy.teams.microsoft.com api.ipify.org api.iris.microsoft.com api.msn.com api.smoot.apple.com api.whatsapp.net
api2.amplitude.com apis.apple.map.fastly.net apis.google.com app-analytics-services.com app-measurement.com
app-site-association.cdn-apple.com appcenter.ms apple-dns.net apple-native-relay.apple.com apple.com apple.com.akadns.net
apple.map.fastly.net applovin.com apps.apple.com apps.mzstatic.com appsflyersdk.com appsforoffice.microsoft.com
appsgrowthpromo-pa.clients6.google.com appsuggestions.teams.cloud.microsoft aps.amazon-adsystem.com aquila.it arc.msn.com
archive.is archive.org archive.ph aria.microsoft.com armmf.adobe.com aruba.it arxiv.org as.com asm.skype.com assets.adobedtm.com
assets.msn.com asus.com asyncgw.teams.microsoft.com atm.outlook.mira.tm.svc.cloud.microsoft attachments.office.net
au.download.windowsupdate.com augloop.office.com augloop.svc.cloud.microsoft autodiscover-s.outlook.com automattic.com
autopatch.microsoft.com auvik.com azure.com b.tlu.dl.delivery.mp.microsoft.com b02.azurefd.net b1.nel.goog b1sync.outbrain.com
bag-cdn-lb.itunes-apple.com.akadns.net bag-cdn.itunes-apple.com.akadns.net bag.itunes.apple.com bam.nr-data.net bandcamp.com
barnesandnoble.com bat.bing.com bbc.co.uk bbc.com beacons.gcp.gvt2.com beacons.gvt2.com behance.net berkeley.edu bfmtv.com
bh.contextweb.com bidr.io bidswitch.net bild.de bing.com bit.ly blog.google blogger.com bloglovin.com blogspot.com bloomberg.com
booking.com books.google.com bootstrapcdn.com bp.blogspot.com bp1.blogger.com branch.io brandbucket.com braze.com britannica.com
browser-intake-datadoghq.com browser.events.data.microsoft.com browser.events.data.msn.com browser.pipe.aria.microsoft.com
business.google.com businessinsider.com buydomains.com buzzfeed.com c.amazon-adsystem.com c.bing.com c.clarity.ms c.go-mpulse.net
c.lencr.org c.msn.com c.pki.goog c1.adform.net c10r.facebook.com c2r.ts.cdn.office.net ca.gov cable.virginm.net calameo.com
cambridge.org canada.ca canva.com capitalg.com captive.apple.com casalemedia.com cbc.ca cbslocal.com cbsnews.com
cc-api-data.adobe.io cc.skype.com cdc.gov cdn-apple.com cdn.ampproject.org cdn.cookielaw.org cdn.doubleverify.com
cdn.id5-sync.com cdn.jsdelivr.net cdn.office.net cdn.pendo.io cdn.whatsapp.net cdninstagram.com cdnjs.cloudflare.com
cdp.microsoft.com cds.apple.com centralus.cloudapp.azure.com cf.iadsdk.apple.com change.org chat-e2ee-mini.facebook.com
chatgpt.com checkin.dm.microsoft.com chrome.com chromebook.com chromecast.com chromewebstore.googleapis.com chromium.org
ci3.googleusercontent.com cisco.com cl2.apple.com cl3.apple.com cl4.apple.com clarin.com clarity.ms clickbank.net
clients.config.office.net clients.google.com clients1.google.com clients2.google.com clients2.googleusercontent.com
clients3.google.com clients4.google.com clients6.google.com clientservices.googleapis.com clientstream.launchdarkly.com
cloud.microsoft cloudapp.azure.com cloudflare.com cloudflareinsights.com cloudmessaging.edge.microsoft.com cloudsink.net
cm.g.doubleclick.net cms.quantserve.com cnbc.com cnet.com cnil.fr cnn.com cobrasearch.com code.google.com code.jquery.com
cointernet.com.co com.akadns.net com.cdn.cloudflare.net com.edgekey.net com.edgesuite.net com.google common.online.office.com
comodoca.com config.edge.skype.com config.fp.measure.office.com config.office.net config.teams.microsoft.com
configuration-lb.ls-apple.com.akadns.net configuration.apple.com configuration.g.aaplimg.com configuration.ls.apple.com
configuration.ls.v.aaplimg.com connect.facebook.net connectivity-test.cloud.microsoft connectivity-test.static.microsoft
connectivity-test.usercontent.microsoft connectivitycheck.gstatic.com connectivitycheck.platform.hicloud.com contacts.google.com
content-autofill.googleapis.com content.lifecycle.office.net content.office.net contextweb.com cookielaw.org
copilot.cloud.microsoft core.microsoft core.windows.net cornell.edu correios.com.br corriere.it cp.wd.microsoft.com
cp501.prod.do.dsp.mp.microsoft.com cp601.prod.do.dsp.mp.microsoft.com cp801.prod.do.dsp.mp.microsoft.com cpanel.com cpanel.net
cr.adobe.com crashlytics.com creativecdn.com creativecommons.org criteo.com criteo.net crl3.digicert.com crs.cr.adobe.com
crwdcntrl.net cs.media.net csi.gstatic.com csp.microsoft.com csp.withgoogle.com cspv2.core.microsoft cstat.cdn-apple.com
csync.loopme.me ctldl.windowsupdate.com cutt.ly cwsapp.update.microsoft.com d.juicyscore.com d9ojso6xukdhq.cloudfront.net
dailymail.co.uk dailymail.com dailymotion.com dailystar.co.uk dan.com data.microsoft.com data.msn.com data.pendo.io
dc.services.visualstudio.com de.wikipedia.org deezer.com default.exp-tas.com defender.microsoft.com deff.nelreports.net
delivery.mp.microsoft.com dell.com delve.office.com demdex.net detik.com dev.auvik.com developers.google.com
device-config.pcms.apple.com devices.a2z.com df.onecdn.static.microsoft dgw.c10r.facebook.com diagnostics.office.com digicert.com
dis.criteo.com disc501.prod.do.dsp.mp.microsoft.com disc601.prod.do.dsp.mp.microsoft.com disc801.prod.do.dsp.mp.microsoft.com
discord.com discord.gg discover-pa.googleapis.com disney.com displaycatalog.mp.microsoft.com disqus.com dit.whatsapp.net
dl.delivery.mp.microsoft.com dl.google.com dm.microsoft.com dns-tunnel-check.googlezip.net dns.google dns.msftncsi.com
do.dsp.mp.microsoft.com docs.google.com dod.cdn.office.net doh.opendns.com doh.umbrella.com doi.org domainmarket.com
domains.google dotaplabs.net dotomi.com doubleclick.com doubleclick.net doubleclickbygoogle.com doubleverify.com
download.windowsupdate.com dpm.demdex.net draft.blogger.com dreamstime.com dribbble.com drive.google.com dropbox.com
dropcatch.com dsca.akamaiedge.net dscapi9.akamai.net dscb.akamaiedge.net dsce9.akamaiedge.net dscg.akamaiedge.net
dscw154.akamai.net dsp.mp.microsoft.com dsum-sec.casalemedia.com dsx.mp.microsoft.com dt.adsafeprotected.com
dual-s-ring-fallback.msedge.net dual-s-ring.msedge.net duck.com dw.com e-monsite.com e2ro.com e3528.dscg.akamaiedge.net
e673.dsce9.akamaiedge.net ea.com eastus.cloudapp.azure.com eastus2.cloudapp.azure.com eb2.3lift.com ebay.co.uk ebay.com
economist.com ecs.office.com edge-consumer-static.azureedge.net edge-itunes-apple.com.akadns.net edge-mqtt.facebook.com
edge.e2ro.com edge.microsoft.com edge.skype.com edgedl.me.gvt1.com editor.svc.cloud.microsoft eeroup.com elb.amazonaws.com
elb.us-east-1.amazonaws.com elgoog.im elmundo.es elpais.com en.wikipedia.org enable-javascript.com encrypted-tbn0.gstatic.com
encrypted-tbn1.gstatic.com encrypted-tbn2.gstatic.com encrypted-tbn3.gstatic.com endpoint.security.microsoft.com engadget.com
engagement.office.com ent-nfc-api.msn.com enterprise.activity.windows.com enterpriseregistration.windows.net
entitlements.itunes.apple.com ep1.adtrafficquality.google ep2.adtrafficquality.google epa.gov es.wikipedia.org espn.com
ess.apple.com estadao.com.br eu-mobile.events.data.microsoft.com eu-office.events.data.microsoft.com eu.dotaplabs.net europa.eu
eus.rubiconproject.com eventbrite.com events.data.microsoft.com events.data.msn.com everesttech.net example.com
excel-telemetry.officeapps.live.com exo.nel.measure.office.net exp-tas.com experiments.apple.com expireddomains.com express.co.uk
ezviz7.com f.c2r.ts.cdn.office.net fa000000125.resources.office.net fa000000129.resources.office.net
fa000000195.resources.office.net facebook.com facebook.net fallback.c10r.facebook.com fandom.com fastlane.rubiconproject.com
fastly.net fb.com fbcdn.net fbs.smoot.apple.com fbsbx.com fd.api.iris.microsoft.com fe2.apple-dns.net fe2cr.update.microsoft.com
fe3cr.delivery.mp.microsoft.com feedburner.com fifa.com files.wordpress.com finance.yahoo.com firebase-settings.crashlytics.com
firebase.google.com firebaseinstallations.googleapis.com firebaselogging-pa.googleapis.com firebaselogging.googleapis.com
firebaseremoteconfig.googleapis.com firefox.com flashtalking.com flightproxy.teams.microsoft.com fls.doubleclick.net flurry.com
fna.fbcdn.net fontawesome.com fonts.googleapis.com fonts.gstatic.com foodnetwork.com foofle.com forbes.com forms.gle fortune.com
foxnews.com fp.measure.office.com fpc.msedge.net fpinit.itunes.apple.com fr.wikipedia.org franceinfo.fr francetvinfo.fr
froogle.com fs.microsoft.com ft.com ftc.gov ftl.netflix.com fundingchoicesmessages.google.com fwmrm.net g.aaplimg.com g.co
g.doubleclick.net g.live.com g.whatsapp.net gateway.facebook.com gateway.fe2.apple-dns.net gateway.icloud.com
gateway.instagram.com gcp.gvt2.com gdmf-ados.apple.com gdmf.apple.com gdmf.v.aaplimg.com geller-pa.googleapis.com
geo.prod.do.dsp.mp.microsoft.com geo2.adobe.com geocities.com geolocation.onetrust.com geover.prod.do.dsp.mp.microsoft.com
get-bx.g.aaplimg.com get.google.com getbootstrap.com ggpht.com giphy.com github.com gizmodo.com global.aa-rt.sharepoint.com
globalsign.com globo.com gmail.com gmodules.com go-mpulse.net go.microsoft.com go.trouter.teams.microsoft.com godaddy.com
gofundme.com gogle.com gogole.com goo.gl goodreads.com googel.com googil.com googl.com google-analytics.com google.ac google.ad
google.ae google.af google.ag google.ai google.al google.am google.ao google.ar google.as google.at google.au google.az google.ba
google.bd google.be google.bf google.bg google.bh google.bi google.bj google.bn google.bo google.br google.bs google.bt google.bw
google.by google.bz google.ca google.cat google.cc google.cd google.cf google.cg google.ch google.ci google.ck google.cl
google.cm google.cn google.co google.co.ao google.co.bw google.co.ck google.co.cr google.co.id google.co.il google.co.in
google.co.jp google.co.ke google.co.kr google.co.ls google.co.ma google.co.mz google.co.nz google.co.th google.co.tz google.co.ug
google.co.uk google.co.uz google.co.ve google.co.vi google.co.za google.co.zm google.co.zw google.com google.com.af google.com.ag
google.com.ai google.com.ar google.com.au google.com.bd google.com.bh google.com.bn google.com.bo google.com.br google.com.bz
google.com.co google.com.cu google.com.cy google.com.do google.com.ec google.com.eg google.com.et google.com.fj google.com.gh
google.com.gi google.com.gt google.com.hk google.com.jm google.com.kh google.com.kw google.com.lb google.com.ly google.com.mm
google.com.mt google.com.mx google.com.my google.com.na google.com.nf google.com.ng google.com.ni google.com.np google.com.om
google.com.pa google.com.pe google.com.pg google.com.ph google.com.pk google.com.pr google.com.py google.com.qa google.com.sa
google.com.sb google.com.sg google.com.sl google.com.sv google.com.tj google.com.tr google.com.tw google.com.ua google.com.uy
google.com.vc google.com.vn google.cr google.cu google.cv google.cx google.cy google.cz google.de google.dj google.dk google.dm
google.do google.dz google.ec google.ee google.eg google.es google.et google.eu google.fastly-edge.com google.fi google.fj
google.fm google.fr google.ga google.ge google.gf google.gg google.gh google.gi google.gl google.gm google.gp google.gr google.gt
google.gy google.hk google.hn google.hr google.ht google.hu google.id google.ie google.il google.im google.in google.io google.iq
google.is google.it google.je google.jm google.jo google.jp google.ke google.kg google.kh google.ki google.kr google.kw google.kz
google.la google.lb google.lc google.li google.lk google.ls google.lt google.lu google.lv google.ly google.ma google.md google.me
google.mg google.mk google.ml google.mm google.mn google.ms google.mt google.mu google.mv google.mw google.mx google.my google.mz
google.na google.ne google.net google.nf google.ng google.ni google.nl google.no google.np google.nr google.nu google.nz
google.om google.org google.pa google.pe google.pg google.ph google.pk google.pl google.pn google.pr google.ps google.pt
google.py google.qa google.ro google.rs google.ru google.rw google.sa google.sb google.sc google.se google.sg google.sh google.si
google.sk google.sl google.sm google.sn google.so google.sr google.st google.sv google.td google.tg google.th google.tj google.tk
google.tl google.tm google.tn google.to google.tr google.tt google.tw google.tz google.ua google.ug google.uk google.us google.uy
google.uz google.vc google.ve google.vg google.vi google.vn google.vu google.ws google.za google.zm google.zw
googleads.g.doubleclick.net googleads4.g.doubleclick.net googleadservices.com googleapis.com googleapps.com googlearth.com
googleblog.com googlebot.com googlecode.com googlecommerce.com googledrive.com googlee.com googleearth.com googlemail.com
googlemaps.com googlepagecreator.com googlescholar.com googlesource.com googlesyndication.com googletagmanager.com
googletagservices.com googleusercontent.com googlevideo.com googlezip.net googlr.com goolge.com gooogle.com
gr.global.aa-rt.sharepoint.com graph-fallback.facebook.com graph-fallback.instagram.com graph-next.fp.measure.office.com
graph.facebook.com graph.instagram.com graph.microsoft.com graph.whatsapp.com gravatar.com greenpeace.org groups.google.com
gs-loc-new.ls-apple.com.akadns.net gs-loc.apple.com gs-loc.ls-apple.com.akadns.net gsa.apple.com gsas.apple.com
gsp-ssl.ls.apple.com gsp10-ssl.apple.com gsp64-ssl.ls.apple.com gsp85-ssl.ls.apple.com gspe1-ssl.ls.apple.com
gspe19-2-ssl.ls.apple.com gspe19-ssl.ls.apple.com gspe35-ssl.ls.apple.com gspe79-cdn.g.aaplimg.com gspe79-ssl-96.ls.apple.com
gspe79-ssl.ls.apple.com gstatic.com guardian.co.uk gum.criteo.com guzzoni.apple.com gv.com gvt1.com gvt2.com gwfb.net
h3.apis.apple.map.fastly.net harvard.edu hatena.blog hatena.ne.jp hbopenbid.pubmatic.com hcaptcha.com hicloud.com hicloudcam.com
hilton.com hindustantimes.com history.com hoax.com hollywoodreporter.com home.pl hotjar.com hotmart.com house.gov hp.com
htlb.casalemedia.com huawei.com hubspot.com huffingtonpost.com huffpost.com hugedomains.com i-fallback.instagram.com
i.instagram.com i.liadm.com i.ytimg.com iadsdk.apple.com ib.adnxs.com ibm.com icann.org icloud-content.com icloud.com
id.rlcdn.com id.wikipedia.org id5-sync.com identity.nel.measure.office.net idsync.rlcdn.com ig.com.br ign.com ikea.com
image6.pubmatic.com image8.pubmatic.com imageshack.us imasdk.googleapis.com imdb.com img-s-msn-com.akamaized.net in.appcenter.ms
inbox.google.com independent.co.uk indexww.com indiatimes.com inference.location.live.net ingest.sentry.io ingest.us.sentry.io
init-p01md.apple.com init.ess.apple.com init.itunes.apple.com init.push.apple.com inmobi.com insider.com
insights.static.microsoft instagram.com instructables.com intel.com ioref.io ip4.static.sl-reverse.com ipcdn.apple.com
iphone-ld.apple.com iphone-ld.g.aaplimg.com ipify.org ipredictive.com ipv4.google.com ipv4only.arpa ipv4probe.office.com
ipv6.msftconnecttest.com iris.microsoft.com is1-ssl.mzstatic.com issuu.com istockphoto.com it.com it.wikipedia.org itch.io
itunes-apple.com.akadns.net itunes.apple.com ja.wikipedia.org jimdofree.com jnn-pa.googleapis.com jobs.amazon.co.za jquery.com
js.monitor.azure.com jsdelivr.net juicyscore.com keyhole.com kickstarter.com kompas.com kotaku.com kt-prod.ess.apple.com
kv501.prod.do.dsp.mp.microsoft.com kv601.prod.do.dsp.mp.microsoft.com kv801.prod.do.dsp.mp.microsoft.com l.google.com latimes.com
launchdarkly.com launches.appsflyersdk.com lavanguardia.com lcdn-locator.apple.com lefigaro.fr legifrance.gouv.fr lemonde.fr
lencr.org leparisien.fr lh3.google.com lh3.googleusercontent.com liadm.com licdn.com licensing.m365.svc.cloud.microsoft
licensing.mp.microsoft.com lifecycle.office.net lijit.com like.com lin.ee line.me linkedin.com linktr.ee list-manage.com live.com
live.net liveinternet.ru loc.gov localguidesconnect.com location.live.net login.live.com login.microsoftonline.com
login.microsoftonline.us logs.netflix.com loki.delve.office.com loopme.me ls-apple.com.akadns.net ls.apple.com ls.v.aaplimg.com
lsrelayaccess.com lycos.com m.adnxs.com m.google.com m.me m.media-amazon.com m.wikipedia.org m365.cloud.microsoft
m365.svc.cloud.microsoft m365cdn.nel.measure.office.net madewithcode.com mail.google.com mail.ru manage.microsoft.com
maps.google.com maps.googleapis.com marca.com marketingplatform.google.... mashable.com mask-api.fe2.apple-dns.net
mask-api.icloud.com mask.apple-dns.net mask.icloud.com match.adsrvr.org match.prod.bidr.io match.sharethrough.com mdpi.com
me.gvt1.com measure.office.com measure.office.net media-amazon.com media.apple.com media.licdn.com media.net mediafire.com
medium.com meetings.googleapis.com mega.nz memex-pa.googleapis.com mercaripost.tesvtmng2dev.ezviz7.com merriam-webster.com
messaging.engagement.office.com messenger.com mesu-cdn.origin-apple.com.akadns.net mesu.apple.com mesu.g.aaplimg.com
metadata.templates.cdn.office.net metric.gstatic.com metrics.icloud.com metro.co.uk microsoft.com microsoft365.com
microsoftonline.com microsoftonline.us mira.tm.svc.cloud.microsoft mirror.co.uk mit.edu mobgslb.tbcache.com
mobile.events.data.microsoft.com monitor.azure.com mos.microsoft.com mozilla.com mozilla.org mp.microsoft.com
mqtt.c10r.facebook.com mro1cdnstorage.public.onecdn.static.microsoft mrodevicemgr.officeapps.live.com ms-acdc.office.com
msauth.net msedge.api.cdp.microsoft.com msedge.b.tlu.dl.delivery.mp.microsoft.com msedge.net msftauth.net msftconnecttest.com
msftncsi.com msftstatic.com msidentity.com msn.com mss.office.com mtalk.google.com my.yahoo.com myaccount.google.com
mybluehost.me myhuaweicloud.com myspace.com mystrikingly.com mzstatic.com mzstorekit.itunes.apple.com
na01.safelinks.protection.outlook.com nam.loki.delve.office.com namebright.com namecheap.com nasa.gov nationalgeographic.com
nature.com nav-edge.smartscreen.microsoft.com naver.com nbcnews.com ndtv.com nel.cloudflare.com nel.goog nel.measure.office.net
nelreports.net netcraze.io netflix.com netflix.net netlify.app netvibes.com networkadvertising.org newrelic.com news.com.au
news.google.com news.livejournal.com news.yahoo.com newsweek.com newyorker.com nflxso.net nginx.com nginx.org nhk.or.jp
nicsell.com nih.gov nikkei.com nintendo.com nist.gov noam.cc.skype.com node.e2ro.com notification.m365.svc.cloud.microsoft
notifications-pa.googleapis.com npr.org nr-data.net nrdp.logs.netflix.com nrdp.prod.ftl.netflix.com nrdp52-appboot.netflix.com
ntp.msn.com ntp.org nydailynews.com nymag.com nypost.com nytimes.com oauth.officeapps.live.com oauth2.googleapis.com
oauthaccountmanager.googleapis.com ocsp.comodoca.com ocsp.digicert.com ocsp.globalsign.com ocsp.r2m04.amazontrust.com
ocsp.rootca1.amazontrust.com ocsp.sectigo.com ocsp2.apple.com ocsp2.g.aaplimg.com odc.officeapps.live.com oecd.org office.com
office.net office365.com officeapps.live.com officeclient.microsoft.com offset.com ogads-pa.clients6.google.com ogs.google.com
ohttp-relay-safebrowsing-chrome.google.fastly-edge.com ok.ru omtrdc.net onamae.com onecdn.static.microsoft oneclient.sfx.ms
onelink.me oneocsp.microsoft.com onetag-sys.com onetrust.com online.office.com openai.com opendns.com openx.net opera.com
optimizationguide-pa.googleapis.com oracle.com orange.fr origin-apple.com.akadns.net ouest-france.fr oup.com outbrain.com
outlook.cloud.microsoft outlook.com outlook.mira.tm.svc.cloud.microsoft outlook.office.com outlook.office365.com ovh.com
ovhcloud.com p.typekit.net p13n.adobe.io pagead2.googlesyndication.com pages.dev pancake.apple.com pancake.g.aaplimg.com
panoramio.com partner.netflix.net passwordsleakcheck-pa.googleapis.com paypal.com pbs.org pcmag.com pcms.apple.com pendo.io
people-pa.googleapis.com peoplestack-pa.clients6.google.com peoplestack-pa.googleapis.com
peoplestackwebexperiments-pa.clients6.google.com perfectdomain.com pexels.com photobucket.com photos.google.com
photos1.blogger.com php.net picasa.com picasa.google.com picasaweb.google.com pinimg.com pinterest.com pipe.aria.microsoft.com
pixabay.com pixel-sync.sitescout.com pixel.rubiconproject.com pixel.tapad.com pki.goog pl.wikipedia.org planalto.gov.br
platform.hicloud.com play-fe.googleapis.com play-lh.googleusercontent.com play.google.com play.googleapis.com playstation.com
playstoregatewayadapter-pa.googleapis.com plesk.com plos.org plus.google.com pnas.org policies.google.com politico.com
pool.ntp.org pornhub.com postrelease.com preapp.prod.partner.netflix.net presence.teams.microsoft.com prezi.com privacyshield.gov
prod-lt-playstoregatewayadapter-pa.googleapis.com prod.appsuggestions.teams.cloud.microsoft prod.bidr.io
prod.do.dsp.mp.microsoft.com prod.ftl.netflix.com prod.mos.microsoft.com prod.netflix.com prod.partner.netflix.net
protection.outlook.com prtimes.jp psychologytoday.com pt.wikipedia.org pubads.g.doubleclick.net public-api.wordpress.com
public.onecdn.static.microsoft pubmatic.com pulse.treinamentotesvtmng2dev.ezviz7.com push-apple.com.akadns.net push.apple.com
push.prod.netflix.com pushnp.svc.ms pushy.io px.ads.linkedin.com qq.com qualtrics.com quantserve.com quickconnect.to quora.com
r.bing.com r.manage.microsoft.com r.msftstatic.com r2m04.amazontrust.com r4.res.office365.com rakuten.co.jp rambler.ru
rapidshare.com rcs.telephony.goog readaloud.googleapis.com recent.svc.cloud.microsoft redbull.com reddit.com redditstatic.com
reflector.defender.microsoft.com reg.ru relay.teams.microsoft.com relcomms-prod-dagnegedescbeefs.b02.azurefd.net
res-1.cdn.office.net res-2-dod.cdn.office.net res-4.public.onecdn.static.microsoft res.cdn.office.net
res.df.onecdn.static.microsoft res.dod.cdn.office.net res.office365.com res.public.onecdn.static.microsoft researchgate.net
resolver.arpa resources.office.net reuters.com rfihub.com ris.api.iris.microsoft.com rlcdn.com roaming.officeapps.live.com
roaming.svc.cloud.microsoft rollingstone.com rootca1.amazontrust.com rsrc.flurry.com rt.com rtb-csync.smartadserver.com
rtb.openx.net rtve.es ru.wikipedia.org rubiconproject.com s.ad.smaato.net s.amazon-adsystem.com s.mzstatic.com s0.2mdn.net
safebrowsing.apple safebrowsing.google.com safebrowsing.googleapis.com safeframe.googlesyndication.com
safelinks.protection.outlook.com safety.google sagepub.com sakura.ne.jp samsung.com sandbox.itunes.apple.com sapo.pt
sb.scorecardresearch.com scholar.google.com sciencedaily.com sciencedirect.com scontent.xx.fbcdn.net scorecardresearch.com
scribd.com scripts.clarity.ms search.google.com search.yahoo.com sectigo.com secure.adnxs.com securepubads.g.doubleclick.net
secureserver.net security.microsoft.com securitydomain-pa.googleapis.com sedo.com self.events.data.microsoft.com sendspace.com
sentinelone.net sentry.io services.autopatch.microsoft.com services.visualstudio.com settings-win.data.microsoft.com
setup.icloud.com sfgate.com sfx.ms sharepoint.com sharepointonline.com sharethrough.com shiabank.com shopify.com shutterstock.com
signaler-pa.clients6.google.com singtelchina.cn siteintercept.qualtrics.com sites.google.com sitescout.com sky.com
skydrive.wns.windows.com skyhigh.cloud skype.com sl-reverse.com slate.com slideshare.net sls.update.microsoft.com
slscr.update.microsoft.com smaato.net smartadserver.com smartscreen.microsoft.com smoot.apple.com smp-device-content.apple.com
snap.licdn.com snapchat.com soundcloud.com spatterson.dev.auvik.com spclient.wg.spotify.com spiegel.de spo-ring.msedge.net
spo.nel.measure.office.net spotify.com spov-ring-fallback.msedge.net springer.com sputniknews.com srtb.msn.com srv.stackadapt.com
ssbsync.smartadserver.com ssl.gstatic.com ssp-sync.criteo.com sstats.adobe.com ssum-sec.casalemedia.com stackadapt.com
standard.co.uk stanford.edu star.c10r.facebook.com star.fallback.c10r.facebook.com static.cloudflareinsights.com
static.criteo.net static.doubleclick.net static.microsoft static.sl-reverse.com static.whatsapp.net static.xx.fbcdn.net
static2.sharepointonline.com statics.teams.cdn.office.net statista.com stats.g.doubleclick.net steampowered.com
storage.googleapis.com storage.live.com storecatalogrevocation.storequality.microsoft.com storeedge.microsoft.com
storeedgefd.dsx.mp.microsoft.com storequality.microsoft.com strato-hosting.eu stun.l.google.com substack.com substrate.office.com
substrate.svc.cloud.microsoft suite.office.com supertms.com support.content.office.net support.google.com surveymonkey.com
svc.cloud.microsoft svc.ms swallow.apple.com sync-tm.everesttech.net sync.1rx.io sync.crwdcntrl.net sync.srv.stackadapt.com
t-online.de t.adx.opera.com t.co t.ly t.me taboola.com tapad.com target.com taringa.net tas01.cwsapp.update.microsoft.com
tas02.sls.update.microsoft.com taskassist-pa.googleapis.com tbcache.com teads.tv teams-ring-fallback.msedge.net
teams-ring.msedge.net teams.cdn.office.net teams.cloud.microsoft teams.events.data.microsoft.com teams.microsoft.com
teams.nel.measure.office.net teams.public.onecdn.static.microsoft techcrunch.com ted.com telegra.ph telegram.me telegram.org
telegraph.co.uk telephony.goog templates.cdn.office.net temu.com terra.com.br test-gateway.instagram.com tesvtmng2dev.ezviz7.com
th.bing.com theatlantic.com thedailybeast.com thefreedictionary.com theguardian.com thehill.com themeforest.net thenai.org
thestar.com thesun.co.uk thetimes.co.uk theverge.com tiktok.com tiktokv.com time.android.com time.apple.com time.com
time.g.aaplimg.com time.google.com time.windows.com timeweb.ru tinyurl.com titles.prod.mos.microsoft.com
tlu.dl.delivery.mp.microsoft.com tm-4.office.com tm.svc.cloud.microsoft tmz.com token.rubiconproject.com token.safebrowsing.apple
tools.google.com tpc.googlesyndication.com tps.doubleverify.com tr-ssc-mira.office.com trafficshaping.dsp.mp.microsoft.com
translate.goog translate.google.com translate.googleapis.com trc.taboola.com treinamentotesvtmng2dev.ezviz7.com tripadvisor.com
triplinkintl.com trouter.teams.microsoft.com trustpilot.com ts.cdn.office.net tsfe.trafficshaping.dsp.mp.microsoft.com
tunnel.googlezip.net turbo.microsoft.com turn.com twitch.tv twitter.com typekit.net u.openx.net udemy.com umbrella.com un.org
unesco.org unitedstates.cp.wd.microsoft.com unitedstates.smartscreen.microsoft.com unpkg.com unsplash.com uol.com.br
update.googleapis.com update.microsoft.com upload.fp.measure.office.com ups.analytics.yahoo.com urchin.com us-api.asm.skype.com
us-mobile.events.data.microsoft.com us-prod.asyncgw.teams.microsoft.com us-u.openx.net us-v10c.events.data.microsoft.com
us-v20.events.data.microsoft.com us-west-2.amazonaws.com us.sentry.io usatoday.com usda.gov use.typekit.net user-sync.fwmrm.net
usercontent.microsoft usgs.gov utexas.edu v.aaplimg.com v10.events.data.microsoft.com v20.events.data.microsoft.com
valid.apple.com variety.com vercel.app vice.com vimeo.com virginm.net vistaprint.com visualstudio.com vk.com vkontakte.ru
w.hcaptcha.com w3.org wa.me waa-pa.clients6.google.com wac-ring-fallback.msedge.net wac-ring.msedge.net wallpapers.com
walmart.com washington.edu washingtonpost.com watson.events.data.microsoft.com waze.com wd.microsoft.com wdcp.microsoft.com
weatherkit.apple.com web.facebook.com webmd.com webshell.suite.office.com weforum.org weibo.com welt.de westus.cloudapp.azure.com
wg.spotify.com whatbrowser.org whatsapp.com whatsapp.net who.int wikia.com wikihow.com wikimedia.org wiktionary.org wiley.com
windows.com windows.msn.com windows.net windowsupdate.com wired.com withgoogle.com wns.windows.com wordpress.org
workspace.google.com world-gen.g.aaplimg.com worldaz.relay.teams.microsoft.com worldbank.org wp.com wps.apple.com wsj.com
www.amazon.com www.apple.com www.bing.com www.blogger.com www.clarity.ms www.facebook.com www.google-analytics.com www.google.ad
www.google.ae www.google.al www.google.am www.google.as www.google.at www.google.az www.google.ba www.google.be www.google.bf
www.google.bg www.google.bi www.google.bj www.google.bs www.google.bt www.google.by www.google.ca www.google.cd www.google.cf
www.google.cg www.google.ch www.google.ci www.google.cl www.google.cm www.google.cn www.google.co.ao www.google.co.bw
www.google.co.ck www.google.co.cr www.google.co.id www.google.co.il www.google.co.in www.google.co.jp www.google.co.ke
www.google.co.kr www.google.co.ls www.google.co.ma www.google.co.mz www.google.co.nz www.google.co.th www.google.co.tz
www.google.co.ug www.google.co.uk www.google.co.uz www.google.co.ve www.google.co.vi www.google.co.za www.google.co.zm
www.google.co.zw www.google.com www.google.com.af www.google.com.ag www.google.com.ai www.google.com.ar www.google.com.au
www.google.com.bd www.google.com.bh www.google.com.bn www.google.com.bo www.google.com.br www.google.com.bz www.google.com.co
www.google.com.cu www.google.com.cy www.google.com.do www.google.com.ec www.google.com.eg www.google.com.et www.google.com.fj
www.google.com.gh www.google.com.gi www.google.com.gt www.google.com.hk www.google.com.jm www.google.com.kh www.google.com.kw
www.google.com.lb www.google.com.ly www.google.com.mm www.google.com.mt www.google.com.mx www.google.com.my www.google.com.na
www.google.com.nf www.google.com.ng www.google.com.ni www.google.com.np www.google.com.om www.google.com.pa www.google.com.pe
www.google.com.pg www.google.com.ph www.google.com.pk www.google.com.pr www.google.com.py www.google.com.qa www.google.com.sa
www.google.com.sb www.google.com.sg www.google.com.sl www.google.com.sv www.google.com.tj www.google.com.tr www.google.com.tw
www.google.com.ua www.google.com.uy www.google.com.vc www.google.com.vn www.google.cv www.google.cz www.google.de www.google.dj
www.google.dk www.google.dm www.google.dz www.google.ee www.google.es www.google.fi www.google.fm www.google.fr www.google.ga
www.google.ge www.google.gg www.google.gl www.google.gm www.google.gp www.google.gr www.google.gy www.google.hn www.google.hr
www.google.ht www.google.hu www.google.ie www.google.im www.google.iq www.google.is www.google.it www.google.je www.google.jo
www.google.kg www.google.ki www.google.kz www.google.la www.google.li www.google.lk www.google.lt www.google.lu www.google.lv
www.google.md www.google.me www.google.mg www.google.mk www.google.ml www.google.mn www.google.ms www.google.mu www.google.mv
www.google.mw www.google.ne www.google.nl www.google.no www.google.nr www.google.nu www.google.pl www.google.pn www.google.ps
www.google.pt www.google.ro www.google.rs www.google.ru www.google.rw www.google.sc www.google.se www.google.sh www.google.si
www.google.sk www.google.sm www.google.sn www.google.so www.google.sr www.google.st www.google.td www.google.tg www.google.tk
www.google.tl www.google.tm www.google.tn www.google.to www.google.tt www.google.vg www.google.vu www.google.ws
www.googleadservices.com www.googleapis.com www.googletagmanager.com www.googletagservices.com www.gov.br www.gov.uk
www.gstatic.com www.instagram.com www.linkedin.com www.livejournal.com www.microsoft.com www.microsoft365.com
www.msftconnecttest.com www.msn.com www.nhs.uk www.redditstatic.com www.temu.com www.typepad.com www.weebly.com www.wikipedia.org
www.wix.com www.yahoo.com www.youtube.com x.bidswitch.net x.com x1.c.lencr.org x2.c.lencr.org xbox.com xing.com xinhuanet.com
xp.apple.com xp.g.aaplimg.com xpaywalletcdn-prod.azureedge.net xx.fbcdn.net xy.fbcdn.net xz.fbcdn.net yadi.sk yahoo.co.jp
yahoo.com yandex.com yandex.ru ye.c.lencr.org yelp.com yieldmo.com youronlinechoices.com youtu.be youtube-nocookie.com
youtube.com youtubeeducation.com youtubegaming.com youtubei.googleapis.com yr.c.lencr.org yt.be yt3.ggpht.com
yt3.googleusercontent.com ytimg.com z-m-gateway.facebook.com zdnet.com zendesk.com ziddu.com zippyshare.com zoom.us
`;

/** Hashes of nothing, of the EICAR test file and of files everybody has: `common-ioc-false-positive`, `empty-hashes`, `eicar.com`. */
export const COMMON_HASHES = `
01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b 048846ed8ed185a26394adeb3f63274d1029bbd59cffa8e73a4ef8b19456de1d
06f7826c2862d184a49e3672c0aa6097b11e7771a4bf613ec37941236c1a8e20 07c4c7ae2c4c7cb3ccd2ba9cd70a94382395ca8e2b0312c1631d09d790b6db33
0f343b0931126a20f133d67c2b018a3b 10400c6faf166902b52fb97042f1e0eb 125da188e26bd119ce8cad7eeb1fc2dfa147ad47
16e8e953c65d610c3bfc595240f3f5b7 183d0929423da2aa83441ee625de92b213f33948 1ceaf73df40e531df3bfb26b4fb7cd95fb7bff1d
200ceb26807d6bf99fd6f4f0d1ca54d4 231a802e6ff1fae42f2b12561fff2767d473210b
2546dcffc5ad854d4ddc64fbf056871cd5a00f2471cb7a5bfd4ac23b6e9eedad 275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f
2daeaa8b5f19f0bc209d976c02bd6acb51b00b0a 325472601571f31e1bf00674c368d335 3395856ce81f2b7382dee72602f798b642f14140
4194d1706ed1f408d5e02d672777019f4d5385c766a8c6ca8acba3167d36a7b9 41f958d2d3e9ed4504b6a8863fd72b49
44d88612fea8a8f36de82e1278abb02f 4a15a6777284035dfd8df4ecf496b4f0557a9cc4ffaaf5887659031e843865e1
4b298058e1d5fd3f2fa20ead21773912a5dc38da3c0da0bbc7de1adfb6011f1c 4b6c7f3146f86136507497232d2f04a0
4dde54cfc600dbd9a610645d197a632e064115ffaa3a1b595c3a23036e501678 5ba93c9db0cff93f52b521d7420e43f6eda2784f
5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef 605db3fdbaff4ba13729371ad0c4fbab3889378e
60cacbf3d72e1e7834203da608037b1bf83b40e8 620f0b67a91f7f74151bc5be745b7110 68b329da9893e34099c7d8ad5cb9c940
6ce6f415d8475545be5ba114f208b0ff 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
72c2dbbb1fe642073002b30987fcd68921a6b140 7eb70257593da06f682a3ddda54a9d260d4fc514f645237f5ca74b08f8da61a6
8094af5ee310714caebccaeee7769ffb08048503ba478b879edfef5f1a24fefe 81051bcc2cf1bedf378224b0a93e2877
86f1895ae8c5e8b17d99ece768a70732 8a798890fe93817163b10b5f7bd2ca4d25d84c52739a645a889c173eee7d9d3d
93b885adfe0da089cdf634904fd59f71 995c770caeb45f7f0c1bc3affc60f11d8c40e16027df2cf711f95824f3534b6f
a11a2f0cfe6d0b4c50945989db6360cd a6105c0a611b41b08f1209506350279e
ad7facb2586fc6e966c004d7d1d16b024f5805ff7cb47c7a85dabd8b48892ca7 adc83b19e793491b1c6ea0fd8b46cd9f32e592fc
b1442e85b03bdcaf66dc58c7abb98745dd2687d86350be9a298a1d9382ac849b b3aca92c793ee0e9b1a9b0a5f5fc044e05140df3
b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c b6f9aa44c5f0565b5deb761b1926e9b6
ba8ab5a0280b953aa97435ff8946cbcbb2755a27 bec1b52d350d721c7e22a6d4bb0a92909893a3ae
c4232ddd4d37b9c0884bd44d8476578c54d7f98d58945728e425736a6a07e102 c5e389341a0b19b6f045823abffc9814
c82cee5f957ad01068f487eecd430a1389e0d922 c929701c67a05f90827563eedccf5eba8e65b2da970189a0371f28cd896708b8
c99a74c555371a433d121f551d6c6398 d27265074c9eac2e2122ed69294dbc4d7cce9141 d378bffb70923139d6a4f546864aa61c
d3b07384d113edec49eaa6238ad5ff00 d41d8cd98f00b204e9800998ecf8427e d5502a1d00787d68f548ddeebbde1eca5e2b38ca
d583c3aa489ed954df3be71e71deae3a9895857e d991c16949bd5e85e768385440e18d493ce3aa46 da39a3ee5e6b4b0d3255bfef95601890afd80709
deabe082bc0f0f503292e537b2675c7c93dca40f df4e26a04a444901b95afef44e4a96cfae34690fff2ad2c66389c70079cdff2b
e1105070ba828007508566e28a2b8d4c65d192e9eaf3b7868382b7cae747b397 e24133dd836d99182a6227dcf6613d08
e2516fcd1573e70334c8f50bee5241cdfdf48a00 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
e4968ef99266df7c9a1f0637d2389dab e5a00aa9991ac8a5ee3109844d84a55583bd20572ad3ffcd42792f3c36b183ad
e617348b8947f28e2a280dd93c75a6ad f00aa51c2ed8b2f656318fdc01ee1cf5441011a4 f1d2d2f924e986ac86fdf7b36c94bcdf32beec15
f6d380b256b0e66ef347adc78195fd0f228b3e33 fa8715078d45101200a6e2bf7321aa04 fb360f9c09ac8c5edb2f18be5de4e80ea4c430d0
fc4623b113a1f603c0d9ad5f83130bd6de1c62b973be9892305132389c8588de
`;

/** `url-shortener`. */
export const URL_SHORTENERS = `
1url.com 2h.ae 2ly.link 2no.co 2uuu.me 3c5.com 42url.com 4x.si 7x.qa 9lick.me abre.ai abrv.in adcraft.co adcrun.ch adf.ly
adflav.com aiy.ooo aka.gr amzn.id amzn.to artist.link atomicurl.com b2n.ir bc.vc bee4.biz belea.link bit.do bit.ly bitly.com
bitly.com.vn bitly.lc bitly.ws bom.so buff.ly buzurl.com bx.ms cal.link cektkp.com chatg.pt ci.ci clc.li clck.ru clik.is clik.now
cml.lol coki.me cszone.hu cur.lv cut.by cutt.ly cutt.us cuty.io d.to db.tt dft.ba dik.si dub.co dub.sh dwz.mk e.vg encr.pw
encurtador.dev etd.bz fig.page filoops.info flowto.it for.edu.sg for.sg fun.ly fzy.co g.shrinkrl.com gg-l.xyz ggl.link git.new
go.gov.sg go.ly gog.li golinks.co goo.by goo.gd goo.gl goo.su han.gl hit.my hyp.ae hyperurl.co i3l.ir ic9.in id.tl idm.in iii.im
iiil.io ilang.in inlnk.co insprl.com iplogger.com iplogger.org is.gd ito.mx ity.im iurl.vip j.mp jii.li komin.fo kortlink.dk
kutt.it kutt.to kutti.co l.ead.me lc.cx link.zip.net linksshortcut.com linkto.im litby.us ln.run lnk.co lnk.direct lnk.ink lnk.pw
lnk.ua lnkd.in lnkfi.re long.af longurl.in maxiurl.com mcaf.ee me2.do merky.de minlink.com.br mjt.lu mtr.bio mub.me my5353.com
mylinks.ai myqrcode.mobi n9.cl nanourly.in neya.io nov.io o2o.to odesli.co onelink.to onx.la ouvaton.link ow.ly p6l.org picz.us
po.st postly.link ppt.cc prettylinkpro.com q-r.to q.gs qr-codes.io qr.ae qr.net qrco.de qrcodedynamic.com qrcodes.pro qrkit.co
rb.gy rebrand.ly rebrandly.com rebrandly.info relink.is reurl.cc ricardo.news s.devh.in s.ee s.gy s.id s.rlp.de s3r.io s59.site
scanned.page scrnch.me shly.link shorten.ee shorten.is shorten.tv shorter.me shortquik.com shorturl.ae shorturl.asia shorturl.at
shrinkrl.com shrt.bonosmles.ec shrtcnl.com sht.ac sk.gy sl8.in smarturl.it smurl.fr sn.rs snip.ly song.link spoo.me sprl.in
spti.fi srink.co su.pr surl.li t.co t.ly temporary-url.com tg.pe tiny.cc tinyarrows.com tinyurl.com tinyurl.mobi tota2.com tr.ee
tr.im trimz.me tt.vg tweez.me twitthis.com twixar.com twixar.me tyny.to u.bb u.to url.sg urled.cc urled.pro urless.com urlr.me
urlshort.dev urltin.com urlz.fr ux9.de v.gd v.ht vtaurl.com vzturl.com webz.cc wp.me x.co x.gd xlinkz.info xshort.co xso.to
xtu.me xy2.eu yirra.net ykm.de yourls.org youtu.be yu2.it yu3.io zpag.es zpr.io zurl.to zws.im zzb.bz
`;

/** `public-dns-v6`. */
export const PUBLIC_DNS_V6 = `
2001:148f:fffe::1 2001:148f:ffff::1 2001:1608:10:25::1c04:b12f 2001:1608:10:25::9249:d69b 2001:19f0:5:3bd7:5400:4ff:fe05:da83
2001:19f0:7402:1574:5400:2ff:fe66:2cff 2001:19f0:9002:de4:5400:4ff:fe08:7de3 2001:19f0:b400:1d8c:5400:4ff:fe11:b15a
2001:1a68::d911:2244 2001:1bc0::ffff:aaaa:2 2001:1bc0::ffff:bbbb:2 2001:418:3ff::1:53 2001:418:3ff::53 2001:41d0:1:de53::1
2001:41d0:700:13cb:141:95:6:51 2001:41d0:700:537:: 2001:428:101:100:205:171:3:65 2001:468:c80:2101:0:100:0:22
2001:468:c80:4101:0:100:0:42 2001:470:0:45::2 2001:470:1f07:ed6:: 2001:470:1f11:2bb::b23 2001:470:1f15:b80::53
2001:470:1f2a:1de::2 2001:470:20::2 2001:470:23:4bd::2 2001:470:71:1c::d 2001:4860:4860::64 2001:4860:4860::6464
2001:4860:4860::8844 2001:4860:4860::8888 2001:4870:6082:3::100 2001:4870:6082:3::5 2001:4b8:2:101::602 2001:4b8:3:201::902
2001:4ba0:ffa4:1ce:: 2001:4ba0:ffa4:3f7:: 2001:550:1:1::d 2001:550:1:2::d 2001:550:5a00:5eb::db5:f001 2001:678:6d4:5080::3dea:109
2001:678:e68:f000:: 2001:678:f68:70:5054:ff:fe57:4a07 2001:67c:21ec::53 2001:67c:2b0::1 2001:67c:2b0::2 2001:738:6001:b0b0::1000
2001:780:250::beaf 2001:840:100:: 2001:878:0:e000:82:e1:f4:a6 2001:8b0:978:f4a4::1 2001:8d8:1801:86e7::1 2001:8d8:820:3a00::b:c47
2001:910:800::12 2001:910:800::40 2001:978:1:2::d 2001:b000:168::1 2001:bc8:1830:b07::1 2001:bc8:628:a0f::1 2001:bc8:62c:379::1
2001:bc8:670:112::1 2001:dc8:0:2::106 2001:dc8:1:2::106 2001:de2::1 2001:de4::101 2001:df0:27b::226 2400:6180:0:d0::5f6e:4001
2400:8902::f03c:91ff:feda:c514 2402:2c00:1688:162:1643:4989:f51c:7392 2402:d0c0:16:a1e6:0:b893:bf7:dd
2402:d0c0:18:c8ff:0:b893:bf7:dd 2402:d0c0:22:6cd0:4:4:4:5b81 2403:cfc0:1004:369::5b21 2403:cfc0:1114:10e::a
2404:9400:1:0:216:3eff:fef0:180a 2406:4300:bae:6b08::1 2407:6ac0:3:5:1234:e34e:72e4:1 2407:9440:1:5::3 2409::1 2600:4c00:80:8::a
2602:2a8:811:10::a 2602:2b7:d01:c295::b:18 2602:fb94:1:39::a 2602:fba1:100::71:1 2602:fba1:a00::100:1 2602:fba1:d00::23:1
2602:fc24:12:9873::ab1 2602:fc24:18:33f2::ab1 2602:fc24:19:74b0:5285::12 2602:fcc0:2222:0:ff24:a2c7:19c:1
2602:fe54:22:57::5bd:134 2602:fea7:e0c:e:bff:6:70:194c 2602:ff75:7:b79::b4b4 2604:a880:0:1010::b:4001 2604:bf00:210:12::2
2604:ffc0:: 2605:6400:20:2258:7acb:91ff:2098:a9 2606:1a40:1:: 2606:1a40:1::1 2606:1a40:1::2 2606:1a40:1::3 2606:1a40:1::32
2606:1a40:1::33 2606:1a40:1::34 2606:1a40:1::35 2606:1a40:1::36 2606:1a40:1::37 2606:1a40:1::38 2606:1a40:1::4 2606:1a40:1::5
2606:1a40:: 2606:1a40::1 2606:1a40::2 2606:1a40::3 2606:1a40::32 2606:1a40::33 2606:1a40::34 2606:1a40::35 2606:1a40::36
2606:1a40::37 2606:1a40::38 2606:1a40::4 2606:1a40::5 2606:4700:4700::1111 2606:4700:4700::1113 2606:4700:4700::64
2606:4700:4700::6400 2606:65c0:40:4:5f3:54c4:8d10:9b98 2606:6680:19:1::4fb4:71a7 2606:6680:29:1::5859:a37b
2606:6680:35:1::506d:8ce2 2606:6680:45:1::f78c:9b0 2606:6680:53:1::846a:bd79 2606:6680:6:1::3ea9:3ce6 2606:a8c0:3:202::a
2607:1e40:1:10a4::19:ca84 2607:5300:203:7f27:5054:ff:fe45:85b5 2607:5300:203:7f27:5054:ff:fe57:4a07 2607:5300:61:c67::11
2607:f130:0:145::7569:1026 2610:a1:1018::1 2610:a1:1018::5 2610:a1:1019::1 2610:a1:1019::2 2610:a1:1019::5 2620:0:ccc::2
2620:0:ccd::2 2620:10a:80bb::20 2620:119:35::35 2620:74:1b::1:1 2620:74:1c::2:2 2620:fe::11 2620:fe::9 2620:fe::fe 2620:fe::fe:10
2620:fe::fe:11 2620:fe::fe:9 2a00:5a60::1:ff 2a00:5a60::ad1:ff 2a00:5a60::ad2:ff 2a00:6800:3:4bd::1 2a00:6a00:ad1:806::83
2a00:6a00:ad1:806::86 2a00:f48:1003:1::759d:c751 2a00:f826:8:1::254 2a00:f826:8:2::195 2a00:fbe0:1:3802::3 2a01:238:4231:5200::1
2a01:4f8:13a:250b::30 2a01:4f8:141:316d::117 2a01:4f8:151:34aa::198 2a01:4f8:172:1d2a::2 2a01:4f8:1c17:4df8::1
2a01:4f8:c17:739a::2 2a01:6ee0:1::241:1 2a01:8740:1:40::8a25 2a01:9e00::54 2a02:200:1:11::100 2a02:200:1:12::100
2a02:27a8:feed::81 2a02:27ac::1249 2a02:27ad::201 2a02:2970:1002::18 2a02:6b8:0:1::feed:a11 2a02:6b8:0:1::feed:bad
2a02:6b8:0:1::feed:ff 2a02:6b8::feed:bad 2a02:6b8::feed:ff 2a02:7b40:6deb:4526::3 2a02:88:1:e:807::101 2a02:88:1:e:807::99
2a02:bf8:aaaa::10 2a02:bf8:aaaa::11 2a02:c205:3001:4558::1 2a03:4000:17:9ca:8860:f2ff:feb0:cbfe 2a03:4000:24:361::6e73:32
2a03:4000:4d:c92:88c0:96ff:fec6:b9d 2a03:4000:55:d1d:: 2a03:4000:5c:51:24b9:51ff:fe80:f3a7 2a03:4000:6:e5fc::1 2a03:90c0:9992::1
2a03:90c0:999d::1 2a03:94e0:1804::1 2a03:b0c0:1:e0::487:1001 2a03:b0c0:2:d0::cf0:c001 2a03:c7c0:52:2641:180::13
2a03:d780:0:196::3e84:56af 2a03:e2c0:73e:a::13 2a04:52c0:101:75::75 2a04:6f00:4::17a 2a05:4140:700:e::a 2a05:9406::ae1
2a05:dfc7:5353::53 2a06:1280:bee1:2::ee12:208 2a06:1c40:3::13 2a06:a006:d1d1::116 2a06:f901:4001:100::2d6c:736a
2a06:f902:4001:100:9000:9000:39a4:5feb 2a06:f902:8001:100::1757:e617 2a07:a8c0:: 2a07:a8c0::76:4378 2a07:a8c1::
2a07:a8c1::76:4378 2a09:5302:ffff::ac9 2a09:: 2a09::1 2a09:b280:fe00:24::a 2a0a:51c0::7fe 2a0a:6040:973d::a
2a0c:2500:572:1354::cafe 2a0c:8fc0:1749:66:18::16 2a0c:8fc0:c3e5::1000 2a0c:8fc1:6441::412:ab34 2a0c:8fc1:8004:553::145a:bbf9
2a0c:8fc1:88::32:64:128 2a0c:8fc3:6402::1:984 2a0c:8fc3:8002::2216 2a0c:a9c7:8::1 2a0c:b840:2:162:1808:0:1c:9b6c
2a0c:b9c0:f:451d::1 2a0d:2a00:1::2 2a0d:2a00:2::2 2a0d:5600:33:3::3 2a0d:8140:0:13:2915:af:0:18 2a0d:8480:1:f9:: 2a0d:8480::fd4
2a0d:f302:110:6517::bb4:214 2a0e:1d80:21:9cc2::1 2a0e:1d80:27:6289::1 2a0e:2000::2000 2a0f:4a80:0:5::6734 2a0f:5707:aa81:5e3c::1
2a0f:5707:ab80:334e:2:2:2cd2:a8bc 2a0f:ca81:133b:3cb5::b1b1:641 2a0f:fc80:: 2a0f:fc80::9 2a0f:fc81:: 2a0f:fc81::9 2a10:50c0::1:ff
2a10:50c0::2:ff 2a10:50c0::ad1:ff 2a10:50c0::ad2:ff 2a10:50c0::bad1:ff 2a11:: 2a11:b244::244 2a12:1fc0:0:c::3
2a12:e342:200::2:1819 2c0f:e8f8:2000:233::a39b:7123 2c0f:f530::d00:188
`;

/** `cloudflare`. */
export const CDN_BLOCKS = `
103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 104.16.0.0/13 104.24.0.0/14 108.162.192.0/18 131.0.72.0/22 141.101.64.0/18
162.158.0.0/15 172.64.0.0/13 173.245.48.0/20 188.114.96.0/20 190.93.240.0/20 197.234.240.0/22 198.41.128.0/17 2400:cb00::/32
2405:8100::/32 2405:b500::/32 2606:4700::/32 2803:f800::/32 2a06:98c0::/29 2c0f:f248::/32
`;

/** `sinkholes`. */
export const SINKHOLES = `
104.155.11.149 104.21.27.14 104.21.65.18 104.244.12.0/22 106.187.96.49 109.74.196.143 128.14.246.28 13.107.213.69 13.107.219.35
13.107.246.57 13.107.246.69 131.253.18.11 131.253.18.12 136.161.101.53 139.146.167.25 142.0.36.234 143.215.130.0/24 144.217.254.3
144.217.74.156 146.112.61.104 146.112.61.105 146.112.61.106 146.112.61.107 146.112.61.108 146.112.61.109 146.112.61.110
148.81.111.0/25 151.139.128.11 153.234.210.49 162.222.213.197 166.78.144.80 168.181.184.35 168.62.217.117 172.67.139.94
172.67.223.134 173.192.192.10 176.31.62.76/30 176.58.104.168 178.162.203.202 178.162.203.226 178.32.140.251 178.79.190.156
183.236.2.18 184.105.192.0/29 192.169.69.25 192.169.69.26 192.42.116.41 193.166.255.170 193.166.255.171 195.22.26.192/26
198.61.227.6 198.98.120.157 199.2.137.0/24 199.231.211.108 204.95.99.59 206.189.61.126 207.46.90.0/24 208.100.26.224/27
208.43.245.213 212.227.20.19 212.227.55.84 216.218.135.114 216.218.185.162 217.182.172.139 23.253.126.58 23.253.46.64 3.14.206.87
34.192.238.26 38.102.150.29 38.229.128.125 38.229.148.43 38.229.70.125 5.79.71.205 5.79.71.225 50.116.32.177 50.116.56.144
50.57.148.87 52.15.119.124 52.5.245.208 58.158.177.102 64.71.166.50 66.220.23.112/29 67.215.255.139 74.200.48.169 74.208.15.160
74.208.15.97 74.208.164.166 74.208.64.145 74.208.64.191 79.137.66.14 81.166.122.234 86.124.164.25 87.106.140.254 87.106.141.15
87.106.18.122 87.106.24.200 87.106.240.162 87.106.250.34 87.106.26.9 87.106.86.28 87.255.51.229 91.186.66.36 91.233.244.106
93.159.228.22 94.23.175.2 95.211.172.143 95.211.174.92
`;
